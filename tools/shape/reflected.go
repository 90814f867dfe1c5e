package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// reflecting are the packages that read and write the fields of what they are handed by name, and
// those of all that it is made of. One that isn't exported they skip or refuse.
var reflecting = []string{
	"encoding/json", "github.com/go-json-experiment/json", "github.com/google/go-cmp/cmp", "reflect",
	"sigs.k8s.io/json", "sigs.k8s.io/yaml",
}

// reflected notes the fields of the module's types that a package hands to one of these.
func reflected(u *unit, needed map[place]bool) {
	seen := map[types.Type]bool{}
	for expr := range u.info.Types {
		call, ok := expr.(*ast.CallExpr)
		if !ok || !slices.Contains(reflecting, calledIn(u, call)) {
			continue
		}
		for _, arg := range call.Args {
			fieldsWithin(u.fset, u.info.Types[arg].Type, seen, needed)
		}
	}
}

// calledIn returns the path of the package of which a call has the function or method.
func calledIn(u *unit, call *ast.CallExpr) string {
	fn := ast.Unparen(call.Fun)
	switch generic := fn.(type) {
	case *ast.IndexExpr:
		fn = generic.X
	case *ast.IndexListExpr:
		fn = generic.X
	}
	if selector, ok := fn.(*ast.SelectorExpr); ok {
		if o := u.info.Uses[selector.Sel]; o != nil && o.Pkg() != nil {
			return o.Pkg().Path()
		}
	}
	return ""
}

// fieldsWithin notes the fields of all structs that a type is made of.
func fieldsWithin(fset *token.FileSet, t types.Type, seen map[types.Type]bool, needed map[place]bool) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			fieldsWithin(fset, arg, seen, needed)
		}
		fieldsWithin(fset, t.Underlying(), seen, needed)
	case *types.Alias:
		fieldsWithin(fset, t.Rhs(), seen, needed)
	case *types.Struct:
		for f := range t.Fields() {
			needed[placeOf(fset, f)] = true
			fieldsWithin(fset, f.Type(), seen, needed)
		}
	case *types.Map:
		fieldsWithin(fset, t.Key(), seen, needed)
		fieldsWithin(fset, t.Elem(), seen, needed)
	case interface{ Elem() types.Type }: // a pointer or a list
		fieldsWithin(fset, t.Elem(), seen, needed)
	}
}
