package route

import (
	"regexp/syntax"
	"slices"
)

// maxParts bounds into how many paths a regular expression is taken apart.
const maxParts = 16

// parts are paths that together fit what the path does: of a regular expression as many exact paths and prefixes as it
// can be taken apart into, /a and /b/ of "/(a|b/.*)", and expressions in one way of writing; of any other path itself.
func (p Path) parts() []Path {
	if p.Kind != Regex {
		return []Path{p}
	}
	if r := pattern(p.Value); r != nil {
		return r.parts()
	}
	return []Path{p}
}

// partsOf takes a regular expression apart.
func partsOf(text string, tree *syntax.Regexp) []Path {
	tree = bare(tree)
	var x taker
	if x.take(nil, []*syntax.Regexp{tree}); !x.full() {
		return x.out
	}
	if same := textOf(tree); len(same) <= maxPattern {
		text = same
	}
	return []Path{{Regex, text}}
}

// bare leaves out what only remembers a part of the match.
func bare(r *syntax.Regexp) *syntax.Regexp {
	for r.Op == syntax.OpCapture {
		r = r.Sub[0]
	}
	for i := range r.Sub {
		r.Sub[i] = bare(r.Sub[i])
	}
	return r
}

// maxSteps bounds how many parts of expressions are looked at.
const maxSteps = 20_000

// taker takes an expression apart, and stops when it is full.
type taker struct {
	out   []Path
	steps int
}

func (x *taker) full() bool { return len(x.out) > maxParts || x.steps > maxSteps }

// take adds the paths that are a text, and then what the sequence fits.
func (x *taker) take(text []rune, sequence []*syntax.Regexp) {
	if x.steps += 1 + len(sequence); x.full() {
		return
	}
	if len(sequence) == 0 {
		x.out = append(x.out, Path{Exact, string(text)})
		return
	}
	head, rest := sequence[0], sequence[1:]
	switch {
	case head.Op == syntax.OpLiteral && head.Flags&syntax.FoldCase == 0:
		x.take(slices.Concat(text, head.Rune), rest)
	case head.Op == syntax.OpEmptyMatch, head.Op == syntax.OpBeginText && len(text) == 0,
		head.Op == syntax.OpEndText && len(rest) == 0:
		x.take(text, rest)
	case head.Op == syntax.OpConcat:
		x.take(text, slices.Concat(head.Sub, rest))
	case head.Op == syntax.OpAlternate:
		for _, sub := range head.Sub {
			x.take(text, slices.Concat([]*syntax.Regexp{sub}, rest))
		}
	case head.Op == syntax.OpQuest:
		x.take(text, rest)
		x.take(text, slices.Concat(head.Sub, rest))
	case head.Op == syntax.OpCharClass && runes(head) <= maxRunes:
		for i := 0; i < len(head.Rune); i += 2 {
			for c := head.Rune[i]; c <= head.Rune[i+1]; c++ {
				x.take(slices.Concat(text, []rune{c}), rest)
			}
		}
	case head.Op == syntax.OpStar && anything(head.Sub[0]) && ends(rest):
		x.add(Prefix, string(text))
	default:
		sequence = slices.Concat([]*syntax.Regexp{{Op: syntax.OpLiteral, Rune: text}}, sequence)
		x.add(Regex, textOf(&syntax.Regexp{Op: syntax.OpConcat, Sub: sequence}))
	}
}

func (x *taker) add(kind PathKind, value string) { x.out = append(x.out, Path{kind, value}) }

// maxRunes is how many characters a class has of which each is taken by itself.
const maxRunes = 4

func runes(class *syntax.Regexp) (n int) {
	for i := 0; i < len(class.Rune); i += 2 {
		n += int(class.Rune[i+1]-class.Rune[i]) + 1
	}
	return n
}

// anything reports whether it fits each character that a path may have.
func anything(r *syntax.Regexp) bool {
	return r.Op == syntax.OpAnyChar || r.Op == syntax.OpAnyCharNotNL
}

// ends reports whether nothing comes after.
func ends(rest []*syntax.Regexp) bool {
	return len(rest) == 0 || len(rest) == 1 && rest[0].Op == syntax.OpEndText
}
