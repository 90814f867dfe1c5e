package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// families ties the names of each group of constants or variables together that one declaration
// makes: with one of them all are in use.
func families(u *unit, out map[place]*export) {
	for _, f := range u.files {
		for _, d := range f.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST && group.Tok != token.VAR {
				continue
			}
			members := membersOf(u, group)
			for _, at := range members {
				if e := out[at]; e != nil {
					e.with = append(e.with, members...)
				}
			}
		}
	}
}

// membersOf returns the places of the names that a declaration makes.
func membersOf(u *unit, group *ast.GenDecl) []place {
	var out []place
	for _, s := range group.Specs {
		for _, name := range s.(*ast.ValueSpec).Names {
			if o := u.types.Scope().Lookup(name.Name); o != nil {
				out = append(out, placeOf(u.fset, o))
			}
		}
	}
	return out
}

// failure is the interface of errors.
var failure = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// isError reports whether a type is an error: who gets one has it by errors.As, and its fields are
// what it says.
func isError(t types.Type) bool {
	return !types.IsInterface(t) && types.Implements(types.NewPointer(t), failure)
}
