package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// place names an object in every package that it is part of: one with its tests, and what the
// compiler left of it, have objects of their own.
type place struct {
	file string
	line int
	name string
}

func placeOf(fset *token.FileSet, o types.Object) place {
	switch generic := o.(type) {
	case *types.Func:
		o = generic.Origin()
	case *types.Var:
		o = generic.Origin()
	}
	p := fset.Position(o.Pos())
	return place{p.Filename, p.Line, o.Name()}
}

// export is an exported name.
type export struct {
	what string
	// with are the names that are in use where this one is: what it belongs to and the types that
	// its own type mentions.
	with []place
}

// exports collects the exported names of a package.
type exports struct {
	*unit
	generated map[string]bool // files
	out       map[place]*export
}

// exportsOf adds the exported names of a package: those in its scope, and methods and fields of its
// types.
func exportsOf(u *unit, out map[place]*export) {
	e := exports{unit: u, generated: map[string]bool{}, out: out}
	for _, f := range u.files {
		e.generated[u.fset.Position(f.Package).Filename] = ast.IsGenerated(f)
	}
	scope := u.types.Scope()
	for _, name := range scope.Names() {
		o := scope.Lookup(name)
		e.add(o, kindOf(o), name)
		if named, ok := o.Type().(*types.Named); ok && named.Obj() == o {
			e.members(named)
		}
	}
	for _, name := range scope.Names() {
		c, ok := scope.Lookup(name).(*types.Const)
		if !ok {
			continue
		}
		if named, ok := c.Type().(*types.Named); ok && e.out[placeOf(e.fset, named.Obj())] != nil {
			of := e.out[placeOf(e.fset, named.Obj())]
			of.with = append(of.with, placeOf(e.fset, c))
		}
	}
	families(u, out)
}

// members adds the methods and fields of a type.
func (e *exports) members(t *types.Named) {
	name := t.Obj().Name()
	if of := e.out[placeOf(e.fset, t.Obj())]; of != nil {
		of.with = namesIn(e.fset, shown(t))
	}
	for m := range t.Methods() {
		e.add(m, "method", name+"."+m.Name(), t.Obj())
	}
	if !isError(t) {
		e.fields(t.Underlying(), name, t.Obj())
	}
}

// add notes an object if its name is exported; owner is the type that it belongs to.
func (e *exports) add(o types.Object, kind, name string, owner ...types.Object) {
	at := placeOf(e.fset, o)
	if !o.Exported() || o.Pkg() != e.types || e.generated[at.file] || e.out[at] != nil {
		return
	}
	added := &export{what: kind + " " + name, with: namesIn(e.fset, o.Type())}
	for _, t := range owner {
		added.with = append(added.with, placeOf(e.fset, t))
	}
	e.out[at] = added
}

// fields adds the fields of a struct and of structs without a name within it.
func (e *exports) fields(t types.Type, name string, owner types.Object) {
	switch t := t.(type) {
	case *types.Struct:
		for i := range t.NumFields() {
			f := t.Field(i)
			if !exempt(t, i) {
				e.add(f, "field", name+"."+f.Name(), owner)
			}
			e.fields(f.Type(), name+"."+f.Name(), owner)
		}
	case interface{ Elem() types.Type }: // a pointer, a list or a map
		e.fields(t.Elem(), name, owner)
	}
}

func kindOf(o types.Object) string {
	kind, _, _ := strings.Cut(types.ObjectString(o, nil), " ")
	return kind
}

// shown returns what those see of a type who name it: of a struct the fields that aren't looked at
// themselves.
func shown(t *types.Named) types.Type {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || isError(t) {
		return t.Underlying()
	}
	var out []*types.Var
	for i := range s.NumFields() {
		if exempt(s, i) {
			out = append(out, s.Field(i))
		}
	}
	return types.NewStruct(out, nil)
}

// exempt reports whether a field is none that others must use: an embedded one, or one with a tag,
// which is read by name.
func exempt(s *types.Struct, i int) bool { return s.Field(i).Embedded() || s.Tag(i) != "" }
