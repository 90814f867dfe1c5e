package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// regoMutant is a rule's module with a mistake, as text.
type regoMutant struct {
	in, change string
	line       int
	source     []byte
}

// regoFile finds the mutants of one rule's module.
type regoFile struct {
	module *ast.Module
	in     string
	found  []regoMutant
	err    error
}

func findRego(name string, text []byte) ([]regoMutant, error) {
	module, err := ast.ParseModuleWithOpts(name, string(text), ast.ParserOptions{ProcessAnnotation: true})
	if err != nil {
		return nil, err
	}
	f := &regoFile{module: module}
	f.definitions()
	for _, rule := range module.Rules {
		for r := rule; r != nil; r = r.Else {
			f.in = rule.Head.Ref().String()
			f.alternative(r)
			f.bodies(r)
		}
	}
	slices.SortStableFunc(f.found, func(a, b regoMutant) int { return a.line - b.line })
	return f.found, f.err
}

// definitions drops each of several definitions of one name.
func (f *regoFile) definitions() {
	all := f.module.Rules
	for i, rule := range all {
		f.in = rule.Head.Ref().String()
		if slices.ContainsFunc(all, func(r *ast.Rule) bool { return r != rule && r.Head.Ref().String() == f.in }) {
			f.module.Rules = slices.Delete(slices.Clone(all), i, i+1)
			f.add(rule.Location.Row, fmt.Sprintf("`%s` dropped", heading(rule)))
			f.module.Rules = all
		}
	}
}

// alternative drops what follows a definition with else.
func (f *regoFile) alternative(r *ast.Rule) {
	if was := r.Else; was != nil {
		r.Else = was.Else
		f.add(was.Location.Row, fmt.Sprintf("`else := %s` dropped", was.Head.Value))
		r.Else = was
	}
}

// bodies changes each expression of a definition, and of the comprehensions in it.
func (f *regoFile) bodies(r *ast.Rule) {
	hidden := ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Rule:
			return x != r // what follows with else has its own turn
		case ast.Body:
			own := len(x) > 0 && len(r.Body) > 0 && x[0] == r.Body[0]
			for i := range x {
				f.expression(x, i, own && asksWhatIsRead(r, i))
			}
		}
		return false
	})
	hidden.Walk(r)
}

// asksWhatIsRead reports whether an expression of a definition only asks that a key is there which its value or another
// expression reads: without the key these are undefined, so the definition is, too.
func asksWhatIsRead(r *ast.Rule, i int) bool {
	asked, ok := r.Body[i].Terms.(*ast.Term)
	if !ok || r.Body[i].Negated {
		return false
	}
	key, ok := asked.Value.(ast.Ref)
	if !ok {
		return false
	}
	if reads(r.Head, key) {
		return true
	}
	for j, e := range r.Body {
		if j != i && reads(e, key) {
			return true
		}
	}
	return false
}

// reads reports whether something is undefined without the key.
func reads(what any, key ast.Ref) (found bool) {
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension, *ast.Every:
			return true
		case *ast.Expr:
			return x.Negated
		case ast.Ref:
			found = found || x.HasPrefix(key)
		}
		return found
	}).Walk(what)
	return found
}

// expression changes one. A needless one is not dropped, as that would change nothing.
func (f *regoFile) expression(body ast.Body, i int, needless bool) {
	e := body[i]
	if text, ok := e.Terms.(*ast.Term); ok && text.Equal(ast.BooleanTerm(true)) {
		return // the body of a definition that has none
	}
	was, row := words(e), e.Location.Row
	switch e.Terms.(type) {
	case *ast.SomeDecl, *ast.Every:
	default:
		if !e.IsAssignment() {
			e.Negated = !e.Negated
			f.add(row, fmt.Sprintf("`%s` negated", was))
			e.Negated = !e.Negated
		}
	}
	f.compare(e, row)
	if needless {
		return
	}
	body[i] = ast.NewExpr(ast.BooleanTerm(true).SetLocation(e.Location)).SetLocation(e.Location)
	f.add(row, fmt.Sprintf("`%s` dropped", was))
	body[i] = e
}

// compare moves a comparison by one.
func (f *regoFile) compare(e *ast.Expr, row int) {
	terms, ok := e.Terms.([]*ast.Term)
	if !ok {
		return
	}
	other, ok := map[string]*ast.Builtin{
		"lt": ast.LessThanEq, "lte": ast.LessThan, "gt": ast.GreaterThanEq, "gte": ast.GreaterThan,
	}[terms[0].String()]
	if !ok {
		return
	}
	was, operator := words(e), terms[0]
	terms[0] = ast.NewTerm(other.Ref()).SetLocation(operator.Location)
	f.add(row, fmt.Sprintf("`%s` made `%s`", was, words(e)))
	terms[0] = operator
}

func (f *regoFile) add(line int, change string) {
	text, err := format.Ast(f.module.Copy())
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%s: %w", change, err)
	}
	f.found = append(f.found, regoMutant{in: f.in, change: change, line: line, source: text})
}

// words are an expression as people write it, in one line.
func words(e *ast.Expr) string {
	text, err := format.Ast(e.Copy())
	if err != nil {
		return e.String()
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// heading is the head of a definition, without its body.
func heading(r *ast.Rule) string {
	return strings.Join(strings.Fields(string(r.Head.Location.Text)), " ")
}
