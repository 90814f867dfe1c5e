package route

import (
	"regexp/syntax"
	"strings"
)

// beginning is the text with which all begins that an expression fits, apart from its case, in lower case.
func beginning(tree *syntax.Regexp) string {
	var out strings.Builder
	begin(tree, &out)
	return strings.ToLower(out.String())
}

// begin adds the text of the expression up to its first operator, and reports whether that was all of it.
func begin(r *syntax.Regexp, out *strings.Builder) bool {
	switch r.Op {
	case syntax.OpLiteral:
		for _, c := range r.Rune {
			if c > 127 && r.Flags&syntax.FoldCase != 0 { // of which the cases may be as many as they like
				return false
			}
			out.WriteRune(c)
		}
		return true
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpBeginLine:
		return true
	case syntax.OpCapture:
		return begin(r.Sub[0], out)
	case syntax.OpPlus:
		begin(r.Sub[0], out)
	case syntax.OpConcat:
		for _, sub := range r.Sub {
			if !begin(sub, out) {
				return false
			}
		}
		return true
	default:
	}
	return false
}
