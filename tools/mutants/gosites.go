package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// site is a place in a Go file where a mutant can be woken: what is put before and after a piece of
// it. %s stands for the call that asks whether it is awake.
type site struct {
	start, end    int // offsets
	before, after string
	line          int
	in, change    string
}

// sites finds the places of a file.
type sites struct {
	fset  *token.FileSet
	text  []byte
	in    string
	found []site

	asked  map[ast.Expr]bool       // are negated already
	passes map[*ast.BlockStmt]bool // on an error, and no more
}

func findSites(fset *token.FileSet, file *ast.File, text []byte) []site {
	s := &sites{fset: fset, text: text, asked: map[ast.Expr]bool{}, passes: map[*ast.BlockStmt]bool{}}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		s.in = f.Name.Name
		if f.Recv != nil {
			s.in = strings.TrimLeft(s.source(f.Recv.List[0].Type), "*") + "." + s.in
		}
		ast.Inspect(f.Body, s.visit)
	}
	return s.found
}

func (s *sites) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IfStmt:
		s.negate(n.Cond)
		s.passes[n.Body] = isError(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			s.negate(n.Cond)
		}
	case *ast.SwitchStmt:
		for _, clause := range n.Body.List {
			for _, e := range clause.(*ast.CaseClause).List {
				if n.Tag == nil {
					s.negate(e)
				}
			}
		}
	case *ast.BinaryExpr:
		s.compare(n)
	case *ast.CaseClause:
		s.drop(n.Body)
	case *ast.BlockStmt:
		if !s.passes[n] {
			s.drop(n.List)
		}
	}
	return true
}

// isError tells the branch that an error takes: mostly it only passes the error on.
func isError(cond ast.Expr) bool {
	b, ok := cond.(*ast.BinaryExpr)
	if !ok || b.Op != token.NEQ {
		return false
	}
	x, isName := b.X.(*ast.Ident)
	y, isNil := b.Y.(*ast.Ident)
	return isName && isNil && x.Name == "err" && y.Name == "nil"
}

func (s *sites) negate(cond ast.Expr) {
	if !s.asked[cond] {
		s.asked[cond] = true
		s.add(cond, "(%s != (", "))", fmt.Sprintf("`%s` negated", s.source(cond)))
	}
}

// compare negates operands and moves comparisons by one; an equation that nothing negates yet is turned round.
func (s *sites) compare(b *ast.BinaryExpr) {
	other, ok := map[token.Token]token.Token{
		token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	}[b.Op]
	switch {
	case b.Op == token.LAND || b.Op == token.LOR:
		s.negate(b.X)
		s.negate(b.Y)
	case ok:
		moved := fmt.Sprintf("%s %s %s", s.source(b.X), other, s.source(b.Y))
		s.add(b, "(%[1]s && ("+strings.ReplaceAll(moved, "%", "%%")+") || !%[1]s && (", "))",
			fmt.Sprintf("`%s` made `%s`", s.source(b), moved))
	case b.Op == token.EQL || b.Op == token.NEQ:
		s.negate(b)
	}
}

// drop leaves out each statement that the rest compiles without.
func (s *sites) drop(list []ast.Stmt) {
	for _, statement := range list {
		switch x := statement.(type) {
		case *ast.AssignStmt:
			if x.Tok == token.DEFINE {
				continue
			}
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.ReturnStmt, *ast.BranchStmt:
		default:
			continue
		}
		s.add(statement, "if !%s { ", " }", fmt.Sprintf("`%s` dropped", s.source(statement)))
	}
}

func (s *sites) add(n ast.Node, before, after, change string) {
	at := s.fset.Position(n.Pos())
	s.found = append(s.found, site{
		start: at.Offset, end: s.fset.Position(n.End()).Offset, before: before, after: after,
		line: at.Line, in: s.in, change: change,
	})
}

// source is a piece of the file in one line.
func (s *sites) source(n ast.Node) string {
	piece := s.text[s.fset.Position(n.Pos()).Offset:s.fset.Position(n.End()).Offset]
	return string(bytes.Join(bytes.Fields(piece), []byte(" ")))
}
