package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// prefilter is what the input must have for a rule's body to find anything: all of its demands,
// which are necessary and often not enough. Most documents have nothing of what most rules look
// for, and to see that here takes a tenth of the time that evaluating the rule takes.
type prefilter []demand

// demand is that the input has something at a path. A variable on the path stands for any key. The
// body may bind it elsewhere, too, which only demands more.
type demand struct {
	path  []*ast.Term
	holds func(ast.Value) bool
}

// prefilters returns one for each body of a compiled module's findings; nil if one of them demands
// nothing, or if the findings aren't a set, which is empty if no body holds.
func prefilters(module *ast.Module, params ast.Value) []prefilter {
	var all []prefilter
	for _, r := range module.Rules {
		if r.Head.Ref()[0].Equal(ast.VarTerm("findings")) {
			p := prefilterOf(r.Body, params)
			if r.Head.RuleKind() != ast.MultiValue || len(p) == 0 {
				return nil
			}
			all = append(all, p)
		}
	}
	return all
}

func prefilterOf(body ast.Body, params ast.Value) (p prefilter) {
	found := names{inputs: map[ast.Var][]*ast.Term{}, constants: map[ast.Var]ast.Value{}, params: params}
	for _, e := range body {
		switch {
		case len(e.With) > 0:
		case e.Negated:
			if d, ok := found.absent(e); ok {
				p = append(p, d)
			}
		default:
			found.name(e)
			for _, ref := range found.in(e) {
				p = append(p, demand{found.path(ref), found.demands(e, ref)})
			}
		}
	}
	return p
}

// names are what variables stand for: paths in the input, and values that never change.
type names struct {
	inputs    map[ast.Var][]*ast.Term
	constants map[ast.Var]ast.Value
	params    ast.Value
}

// name notes the variable of `v = input.path`, or of `v = data.params.path`.
func (in names) name(e *ast.Expr) {
	if !e.IsEquality() {
		return
	}
	for i := range 2 {
		v, isVar := e.Operand(i).Value.(ast.Var)
		if !isVar {
			continue
		}
		other := e.Operand(1 - i).Value
		if path := in.path(other); path != nil {
			in.inputs[v] = path
		} else if constant := in.constant(other); constant != nil {
			in.constants[v] = constant
		}
	}
}

// constant returns a value that is known before there is an input; nil if it isn't.
func (in names) constant(v ast.Value) ast.Value {
	switch v := v.(type) {
	case ast.Var:
		return in.constants[v]
	case ast.Ref:
		if v.HasPrefix(parametersRef) && v.IsGround() {
			if value, err := in.params.Find(v[len(parametersRef):]); err == nil && ast.IsScalar(value) {
				return value
			}
		}
		return nil
	}
	if ast.IsScalar(v) {
		return v
	}
	return nil
}

// absent is what `not input.path` demands, or `not v.path` where v is named: that something v
// stands for has nothing, or false, at the path.
func (in names) absent(e *ast.Expr) (demand, bool) {
	t, ok := e.Terms.(*ast.Term)
	if !ok {
		return demand{}, false
	}
	ref, ok := t.Value.(ast.Ref)
	if !ok || !ref[1:].IsGround() {
		return demand{}, false
	}
	var of []*ast.Term
	if !ref[0].Equal(ast.InputRootDocument) {
		if of = in.path(ref[0].Value); of == nil {
			return demand{}, false
		}
	}
	rest := ref[1:]
	return demand{of, func(v ast.Value) bool { return !reaches(v, rest, isTrue) }}, true
}

// path returns where in the input the value is; nil if it is elsewhere.
func (in names) path(v ast.Value) []*ast.Term {
	switch v := v.(type) {
	case ast.Var:
		return in.inputs[v]
	case ast.Ref:
		if v[0].Equal(ast.InputRootDocument) {
			return v[1:]
		}
		if head, ok := v[0].Value.(ast.Var); ok && in.inputs[head] != nil {
			return slices.Concat(in.inputs[head], v[1:])
		}
	}
	return nil
}

// in finds the places of the input without which the expression is undefined. Those in a closure
// are not among them: what is undefined in a closure leaves the closure empty and no more.
func (in names) in(e *ast.Expr) (found []ast.Value) {
	add := func(v ast.Value) bool {
		if len(in.path(v)) > 0 {
			found = append(found, v)
		}
		return false
	}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension,
			*ast.Every, *ast.SomeDecl, *ast.TemplateString:
			return true
		case ast.Ref:
			return add(x)
		case ast.Var:
			return add(x)
		}
		return false
	}).Walk(e)
	return found
}

// demands returns what the expression demands of the value at a place in it: more than to be there,
// if the expression is the place alone or compares it with a constant.
func (in names) demands(e *ast.Expr, place ast.Value) func(ast.Value) bool {
	if t, ok := e.Terms.(*ast.Term); ok && t.Value.Compare(place) == 0 {
		return isTrue
	}
	if !e.IsCall() || len(e.Operands()) != 2 {
		return defined
	}
	left, right := e.Operand(0).Value, e.Operand(1).Value
	holds, isComparison := comparisons[e.Operator().String()]
	if constant := in.constant(right); isComparison && constant != nil && left.Compare(place) == 0 {
		return func(v ast.Value) bool { return holds(v.Compare(constant)) }
	}
	if constant := in.constant(left); e.IsEquality() && constant != nil && right.Compare(place) == 0 {
		return func(v ast.Value) bool { return v.Compare(constant) == 0 }
	}
	return defined
}

func defined(ast.Value) bool { return true }

// isTrue is what a statement must be: anything but false.
func isTrue(v ast.Value) bool { return v.Compare(ast.Boolean(false)) != 0 }

// parametersRef is where a rule finds its parameters, by its name.
var parametersRef = ast.MustParseRef("data.params")

// comparisons say how a value compares with the constant to its right; Rego orders all values as
// OPA's Compare does.
var comparisons = map[string]func(int) bool{
	ast.Equality.Name:      func(c int) bool { return c == 0 },
	ast.Equal.Name:         func(c int) bool { return c == 0 },
	ast.NotEqual.Name:      func(c int) bool { return c != 0 },
	ast.LessThan.Name:      func(c int) bool { return c < 0 },
	ast.LessThanEq.Name:    func(c int) bool { return c <= 0 },
	ast.GreaterThan.Name:   func(c int) bool { return c > 0 },
	ast.GreaterThanEq.Name: func(c int) bool { return c >= 0 },
}

// metBy reports whether the input has all that is demanded.
func (p prefilter) metBy(input ast.Value) bool {
	for i := range p {
		if !reaches(input, p[i].path, p[i].holds) {
			return false
		}
	}
	return true
}

// reaches reports whether the value has something at the path for which holds is true. It allocates
// nothing for arrays and for objects with a known key, which is what the input is made of.
func reaches(v ast.Value, path []*ast.Term, holds func(ast.Value) bool) bool {
	if len(path) == 0 {
		return holds(v)
	}
	key, rest := path[0], path[1:]
	known := ast.IsScalar(key.Value)
	switch v := v.(type) {
	case ast.Object:
		if !known {
			return v.Until(func(_, value *ast.Term) bool { return reaches(value.Value, rest, holds) })
		}
		value := v.Get(key)
		return value != nil && reaches(value.Value, rest, holds)
	case *ast.Array:
		if known {
			value := v.Get(key)
			return value != nil && reaches(value.Value, rest, holds)
		}
		for i := range v.Len() {
			if reaches(v.Elem(i).Value, rest, holds) {
				return true
			}
		}
	case ast.Set:
		return !known && v.Until(func(value *ast.Term) bool { return reaches(value.Value, rest, holds) }) ||
			known && v.Contains(key) && reaches(key.Value, rest, holds)
	}
	return false
}
