package main

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"
	"unicode/utf8"
)

// data returns the lines of a test whose last column allowed and the one after it are of one string
// literal: what a test reads and wants is data, and broken up it can't be compared with what is
// printed. In other files there are none.
func data(f goFile) map[int]bool {
	out := map[int]bool{}
	if !strings.HasSuffix(f.name, "_test.go") {
		return out
	}
	lines := bytes.Split(f.text, []byte("\n"))
	ast.Inspect(f.ast, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		begin, end := f.fset.Position(lit.Pos()), f.fset.Position(lit.End())
		for n := begin.Line; n <= end.Line; n++ {
			text := lines[n-1]
			starts := n > begin.Line || utf8.RuneCount(text[:begin.Column-1]) < maxColumns
			if goesOn := n < end.Line || utf8.RuneCount(text[:end.Column-1]) > maxColumns; starts && goesOn {
				out[n] = true
			}
		}
		return true
	})
	return out
}
