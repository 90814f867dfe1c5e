package route

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"

	"k8s.io/utils/lru"
)

// maxPattern is how long a regular expression is read, in bytes. Nothing is known of a longer one.
const maxPattern = 1024

// maxCost bounds what it costs to parse an expression that is read, see [CostOfRegex].
const maxCost = 8 << 10

// Some classes of characters are long lists once they are parsed: they cost more than the bytes that they are.
const (
	costOfClass = 256
	costOfRange = 4 << 10
)

// CostOfRegex estimates what it takes to parse an expression, in bytes of a plain one: a named class of Unicode has a
// thousand ranges, and a range that isn't ASCII may have to be folded character by character.
func CostOfRegex(text string) int {
	n := len(text) + costOfClass*(strings.Count(text, `\p`)+strings.Count(text, `\P`))
	if strings.Contains(text, "(?") && (strings.Contains(text, `\x`) || !ascii(text)) {
		n += costOfRange * strings.Count(text, "-")
	}
	return n
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// expression is a regular expression that has to fit a whole path, what all that it fits begin with, what it can be
// taken apart into, and a few paths that it fits. Most are only asked for the beginning.
type expression struct {
	*regexp.Regexp
	literal string
	folded  string       // literal in lower case, with what is text but for its case
	size    int          // of the compiled expression, in instructions
	prog    *syntax.Prog // nil if it is too large
	parts   func() []Path
	samples func() []string
}

// maxMatch bounds how large an expression is tried on a path of which length, as the product of both.
const maxMatch = 8192

// fitsText reports whether it fits the path; false where that takes long to find out.
func (r *expression) fitsText(path string) bool {
	return r.size*len(path) <= maxMatch && r.MatchString(path)
}

// patterns are the regular expressions that were asked for last, as compiled; nil for those that are none.
var patterns = lru.New(4000)

// pattern compiles a regular expression that has to fit a whole path; nil if it is none, or too long.
func pattern(text string) *expression {
	if len(text) > maxPattern || CostOfRegex(text) > maxCost {
		return nil
	}
	if known, ok := patterns.Get(text); ok {
		return known.(*expression)
	}
	compiled := compile(text)
	patterns.Add(text, compiled)
	return compiled
}

// compile asks for the literal without the anchors where Go tells none with them, as of /a/.*/b.
func compile(text string) *expression {
	if _, err := syntax.Parse(text, syntax.Perl); err != nil { // which may be one with more around it
		return nil
	}
	whole, err := regexp.Compile("^(?:" + text + ")$")
	if err != nil {
		return nil
	}
	literal, _ := whole.LiteralPrefix()
	if literal == "" {
		if part, err := regexp.Compile("(?:" + text + ")"); err == nil {
			literal, _ = part.LiteralPrefix()
		}
	}
	out := &expression{Regexp: whole, literal: literal}
	if prog, err := syntax.Compile(simple(text)); err == nil {
		if out.size = len(prog.Inst); out.size <= maxInstructions {
			out.prog = prog
		}
	}
	out.folded = beginning(simple(text))
	if text := strings.ToLower(literal); len(text) > len(out.folded) {
		out.folded = text
	}
	out.samples = sync.OnceValue(func() []string { return samplesOf(simple(text), whole, out.size) })
	out.parts = sync.OnceValue(func() []Path { return partsOf(text, simple(text)) })
	return out
}

// simple parses an expression that was parsed before, and makes it simple.
func simple(text string) *syntax.Regexp {
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return tree.Simplify()
}

// Folded is what every path begins with, apart from its case, that the path fits: in lower case.
func (p Path) Folded() string {
	if p.Kind != Regex {
		return strings.ToLower(p.Value)
	}
	if r := pattern(p.Value); r != nil {
		return r.folded
	}
	return ""
}

// literal is what every path begins with that the path fits: of a regular expression, the text before its first
// operator.
func (p Path) literal() string {
	if p.Kind != Regex {
		return p.Value
	}
	r := pattern(p.Value)
	if r == nil {
		return ""
	}
	return r.literal
}

// relateRegex compares paths of which at least one is a regular expression. Where the case of the other doesn't count,
// its text is looked at in either.
func (m Matcher) relateRegex(o Matcher) Relation {
	p, q := m.Path, o.Path
	out := relateRegexes(p, q)
	for _, in := range []func(string) string{strings.ToLower, strings.ToUpper} {
		switch {
		case out != Apart:
		case m.anyCase():
			out = relateRegexes(Path{p.Kind, in(p.Value)}, q)
		case o.anyCase():
			out = relateRegexes(p, Path{q.Kind, in(q.Value)})
		}
	}
	if out == Apart && p.Kind == Prefix && q.beginsFolded(strings.ToLower(p.Value)) &&
		(m.anyCase() || pattern(q.Value).goesOn(p.Value)) {
		return Begins
	}
	return out
}

// relateRegexes compares paths of which at least one is a regular expression.
func relateRegexes(p, o Path) Relation {
	switch {
	case p.Kind == Regex && o.Kind == Regex:
		if p.meets(o) {
			return Undecided
		}
	case p.Kind == Regex && p.fits(o):
		return Fits
	case p.Kind == Regex && o.Kind == Prefix && o.Key() != "/" && o.above(p.literal()):
		return Beneath
	case p.Kind == Regex && o.Kind == Prefix && o.Key() != "/" &&
		pattern(p.Value).fitsBeneath(strings.TrimRight(o.Value, "/")):
		return FitsBeneath
	case p.Kind == Prefix && o.beginsWith(p.Value):
		return Begins
	case o.Kind == Regex && o.fits(p) && !o.fits(Path{Kind: Exact, Value: "/"}):
		return Fitted
	}
	return Apart
}

// meets reports whether some path may begin as both regular expressions do.
func (p Path) meets(o Path) bool {
	return slices.ContainsFunc(p.parts(), func(mine Path) bool {
		return slices.ContainsFunc(o.parts(), func(theirs Path) bool {
			return alike(mine.literal(), theirs.literal()) && alike(mine.Folded(), theirs.Folded())
		})
	})
}

// alike reports whether a text may begin with both.
func alike(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// beginsWith reports whether all that the regular expression fits has this beginning; false where that is not certain.
func (p Path) beginsWith(text string) bool {
	return !slices.ContainsFunc(p.parts(), func(part Path) bool { return !strings.HasPrefix(part.literal(), text) })
}

// beginsFolded is beginsWith for a text in lower case and paths in any.
func (p Path) beginsFolded(text string) bool {
	return !slices.ContainsFunc(p.parts(), func(part Path) bool { return !strings.HasPrefix(part.Folded(), text) })
}

// above reports whether a text begins with the path by segment.
func (p Path) above(text string) bool {
	return strings.HasPrefix(text, strings.TrimRight(p.Value, "/")+"/")
}

// fits reports whether the regular expression fits the other path: itself, or of a prefix one of a few paths beneath.
func (p Path) fits(o Path) bool {
	r := pattern(p.Value)
	if r == nil || o.Kind != Exact && o.Kind != Prefix {
		return false
	}
	if r.MatchString(o.Value) {
		return true
	}
	above := strings.TrimRight(o.Value, "/")
	return o.Kind == Prefix && above != "" &&
		(r.MatchString(above+"/") || r.MatchString(above+"/a") || r.MatchString(above+"/0/a"))
}

// anyPattern is the key of regular expressions that fit paths of any beginning.
const anyPattern = "~~"

// PatternKey is the key by which a table with a regular expression is found beside paths that it may fit; empty for
// other paths. It is that of the first segment, where every path that fits has the same one.
func (p Path) PatternKey() string {
	if p.Kind != Regex {
		return ""
	}
	return anyPattern + p.segment()
}

// PatternKeys are the keys of the regular expressions that may fit the path.
func (p Path) PatternKeys() []string {
	if p.Kind == NoPath || p.Kind == Connect || p.Key() == "/" {
		return nil
	}
	if s := p.segment(); s != "" {
		return []string{anyPattern, anyPattern + s}
	}
	return []string{anyPattern}
}

// PatternsUnder is what the keys of regular expressions begin with that may fit only paths which begin with the text of
// the path, but for [anyPattern].
func (p Path) PatternsUnder() string {
	text := p.Folded()
	if i := strings.IndexByte(strings.TrimPrefix(text, "/"), '/'); i >= 0 {
		text = text[:i+1]
	}
	if text == "/" {
		text = ""
	}
	return anyPattern + text
}

// segment is the first one of all paths that fit, in lower case: "/echo"; empty if they may have several.
func (p Path) segment() string {
	literal := p.Folded()
	if len(literal) < 2 || literal[0] != '/' {
		return ""
	}
	name, _, whole := strings.Cut(literal[1:], "/")
	if p.Kind == Regex && !whole {
		return "" // what follows may go on with the name
	}
	return "/" + name
}
