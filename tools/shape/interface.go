package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
)

// asked are the methods that the standard library asks for by interfaces without a name.
const asked = `package errors
type (
	is interface{ Is(error) bool }
	as interface{ As(any) bool }
	wraps interface{ Unwrap() error }
	joins interface{ Unwrap() []error }
)`

// contract is an interface that has methods. Where type parameters are about, only names are
// compared.
type contract struct {
	*types.Interface
	generic bool
}

// contracts returns the interfaces of a build: those with a name, and in the module's own source
// those without.
func contracts(b *build) ([]contract, error) {
	var out []contract
	add := func(t types.Type, generic bool) {
		if i, ok := t.Underlying().(*types.Interface); ok && i.NumMethods() > 0 {
			out = append(out, contract{i, generic})
		}
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "errors.go", asked, 0)
	if err != nil {
		return nil, err
	}
	errors, err := new(types.Config).Check("errors", fset, []*ast.File{f}, nil)
	if err != nil {
		return nil, err
	}
	add(types.Universe.Lookup("error").Type(), false)
	for _, p := range append(b.all, errors) {
		for _, name := range p.Scope().Names() {
			if o, ok := p.Scope().Lookup(name).(*types.TypeName); ok {
				named, _ := o.Type().(*types.Named)
				add(o.Type(), named != nil && named.TypeParams().Len() > 0)
			}
		}
	}
	for _, u := range b.units {
		for expr, t := range u.info.Types {
			if _, ok := expr.(*ast.InterfaceType); ok {
				add(t.Type, false)
			}
		}
	}
	return out, nil
}

// implemented notes the methods by which types of a package implement interfaces.
func implemented(u *unit, all []contract, needed map[place]bool) {
	for _, name := range u.types.Scope().Names() {
		named, ok := u.types.Scope().Lookup(name).Type().(*types.Named)
		if !ok || types.IsInterface(named) {
			continue
		}
		pointer := types.NewPointer(named)
		methods := map[string]types.Object{}
		for s := range types.NewMethodSet(pointer).Methods() {
			methods[s.Obj().Name()] = s.Obj()
		}
		for _, c := range all {
			byName := c.generic || named.TypeParams().Len() > 0
			if !hasAll(methods, c) || !byName && !types.Implements(pointer, c.Interface) {
				continue
			}
			for m := range c.Methods() {
				needed[placeOf(u.fset, methods[m.Name()])] = true
			}
		}
	}
}

func hasAll(methods map[string]types.Object, c contract) bool {
	for m := range c.Methods() {
		if methods[m.Name()] == nil {
			return false
		}
	}
	return true
}
