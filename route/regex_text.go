package route

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// textOf writes an expression that fits what the simplified tree does, the same one for trees that are alike: whether a
// part is greedy changes nothing where the whole has to fit. The library's String finds out whether case counts in a
// class by trying each of its characters, which of [^/] are a million.
func textOf(tree *syntax.Regexp) string {
	var out strings.Builder
	write(&out, tree)
	return out.String()
}

// marks are what follows what is repeated, and what stands for a place or for every character.
var marks = map[syntax.Op]string{
	syntax.OpStar: "*", syntax.OpPlus: "+", syntax.OpQuest: "?",
	syntax.OpNoMatch: `[^\x{0}-\x{10FFFF}]`, syntax.OpEmptyMatch: "(?:)",
	syntax.OpAnyChar: "(?s:.)", syntax.OpAnyCharNotNL: "(?-s:.)",
	syntax.OpBeginLine: "(?m:^)", syntax.OpEndLine: "(?m:$)",
	syntax.OpBeginText: `\A`, syntax.OpEndText: `\z`,
	syntax.OpWordBoundary: `\b`, syntax.OpNoWordBoundary: `\B`,
}

func write(out *strings.Builder, r *syntax.Regexp) {
	switch r.Op {
	case syntax.OpLiteral:
		text := regexp.QuoteMeta(string(r.Rune))
		if r.Flags&syntax.FoldCase != 0 {
			text = "(?i:" + text + ")"
		}
		out.WriteString(text)
	case syntax.OpCharClass:
		writeClass(out, r.Rune)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest:
		out.WriteString("(?:")
		write(out, r.Sub[0])
		out.WriteString(")" + marks[r.Op])
	case syntax.OpConcat, syntax.OpCapture:
		for _, sub := range r.Sub {
			write(out, sub)
		}
	case syntax.OpAlternate:
		before := "(?:"
		for _, sub := range r.Sub {
			out.WriteString(before)
			write(out, sub)
			before = "|"
		}
		out.WriteString(")")
	default:
		out.WriteString(marks[r.Op])
	}
}

func writeClass(out *strings.Builder, ranges []rune) {
	if len(ranges) == 0 {
		out.WriteString(marks[syntax.OpNoMatch])
		return
	}
	out.WriteString("[")
	if last := len(ranges) - 1; ranges[0] == 0 && ranges[last] == unicode.MaxRune && last > 1 {
		out.WriteString("^") // what is left out lies between the ranges
		for i := 1; i < last; i += 2 {
			writeRange(out, ranges[i]+1, ranges[i+1]-1)
		}
	} else {
		for i := 0; i < len(ranges); i += 2 {
			writeRange(out, ranges[i], ranges[i+1])
		}
	}
	out.WriteString("]")
}

func writeRange(out *strings.Builder, from, to rune) {
	writeRune(out, from)
	if from != to {
		out.WriteString("-")
		writeRune(out, to)
	}
}

func writeRune(out *strings.Builder, c rune) {
	if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
		fmt.Fprintf(out, `\x{%X}`, c)
		return
	}
	out.WriteRune(c)
}
