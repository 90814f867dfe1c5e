package main

import (
	"go/token"
	"go/types"
)

// namesIn returns the places of the types with a name that a type is made of.
func namesIn(fset *token.FileSet, t types.Type) []place {
	var out []place
	mentioned(t, func(name *types.TypeName) { out = append(out, placeOf(fset, name)) })
	return out
}

func mentioned(t types.Type, found func(*types.TypeName)) {
	switch t := t.(type) {
	case *types.Named:
		found(t.Obj())
		for arg := range t.TypeArgs().Types() {
			mentioned(arg, found)
		}
	case *types.Alias:
		found(t.Obj())
		mentioned(t.Rhs(), found)
	case *types.Signature:
		mentioned(t.Params(), found)
		mentioned(t.Results(), found)
		for p := range t.TypeParams().TypeParams() {
			mentioned(p.Constraint(), found)
		}
	case *types.Tuple:
		for v := range t.Variables() {
			mentioned(v.Type(), found)
		}
	case *types.Struct:
		for f := range t.Fields() {
			mentioned(f.Type(), found)
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			mentioned(m.Type(), found)
		}
		for e := range t.EmbeddedTypes() {
			mentioned(e, found)
		}
	case *types.Map:
		mentioned(t.Key(), found)
		mentioned(t.Elem(), found)
	case interface{ Elem() types.Type }: // a pointer, a list or a channel
		mentioned(t.Elem(), found)
	}
}
