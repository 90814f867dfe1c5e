package route

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// samples are a few paths that it fits, of a prefix such as lie beneath it by segment; none if none could be made.
func (p Path) samples() []string {
	switch p.Kind {
	case Exact:
		return []string{p.Value}
	case Prefix:
		above := strings.TrimRight(p.Value, "/")
		return slices.DeleteFunc([]string{p.Value, above + "/", above + "/a", above + "/0/a"}, func(s string) bool {
			return !strings.HasPrefix(s, p.Value)
		})
	case Regex:
		if r := pattern(p.Value); r != nil {
			return r.samples()
		}
	case NoPath, Connect:
	}
	return nil
}

// samplesOf are those of a regular expression, none longer than the expression itself may be.
func samplesOf(tree *syntax.Regexp, whole *regexp.Regexp, size int) []string {
	if size > maxMatch {
		return nil
	}
	return slices.DeleteFunc([]string{sample(tree, false), sample(tree, true)}, func(s string) bool {
		return len(s) > maxPattern || !whole.MatchString(s)
	})
}

// sample is a text that the expression fits, as far as its anchors allow: a short one, or one with everything that may
// be left out, and the last of all choices.
func sample(r *syntax.Regexp, long bool) string {
	switch r.Op {
	case syntax.OpLiteral:
		return string(r.Rune)
	case syntax.OpCharClass:
		return string(member(r.Rune, long))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpStar, syntax.OpQuest:
		if !long {
			return ""
		}
		return sample(r.Sub[0], long)
	case syntax.OpAlternate:
		if long {
			return sample(r.Sub[len(r.Sub)-1], long)
		}
		return sample(r.Sub[0], long)
	default:
		var out strings.Builder
		for _, sub := range r.Sub {
			out.WriteString(sample(sub, long))
		}
		return out.String()
	}
}

// member picks a character of a class, one that is usual in paths where it has such.
func member(class []rune, last bool) rune {
	usual := []rune("a0z9-_")
	if last {
		slices.Reverse(usual)
	}
	for _, c := range usual {
		for i := 0; i < len(class); i += 2 {
			if class[i] <= c && c <= class[i+1] {
				return c
			}
		}
	}
	if len(class) == 0 {
		return 0
	}
	return class[0]
}
