package main

import (
	"context"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// unused returns the exported names of the module at root that no other package uses, be it of the
// module or of e2e.
func unused(ctx context.Context, root string) ([]violation, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	var own, e2e *build
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		own, err = load(ctx, root)
		return err
	})
	group.Go(func() (err error) {
		if _, missing := os.Stat(filepath.Join(root, "e2e", "go.mod")); missing == nil {
			e2e, err = load(ctx, filepath.Join(root, "e2e"))
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	found, err := idle(own, e2e)
	for i := range found {
		if found[i].file, err = filepath.Rel(root, found[i].file); err != nil {
			return nil, err
		}
	}
	return found, err
}

// idle returns the exported names of the first build that neither uses in another package. The
// second may be nil.
func idle(own, e2e *build) ([]violation, error) {
	contracts, err := contracts(own)
	if err != nil {
		return nil, err
	}
	names, needed := map[place]*export{}, map[place]bool{}
	for _, u := range own.units {
		if u.plain && u.types.Name() != "main" {
			exportsOf(u, names)
			implemented(u, contracts, needed)
		}
		uses(u, own.module, needed)
		reflected(u, needed)
	}
	if e2e != nil {
		for _, u := range e2e.units {
			uses(u, own.module, needed)
			reflected(u, needed)
		}
	}
	spread(names, needed)
	var found []violation
	for at, e := range names {
		if !needed[at] {
			found = append(found, violation{at.file, at.line, e.what + " is exported, and no other package uses it"})
		}
	}
	return found, nil
}

// uses notes which objects of the module a package uses that aren't its own.
func uses(u *unit, module string, needed map[place]bool) {
	note := func(o types.Object) {
		if o.Pkg() == nil {
			return
		}
		path := strings.TrimSuffix(o.Pkg().Path(), "_test")
		if path != u.home && (path == module || strings.HasPrefix(path, module+"/")) {
			needed[placeOf(u.fset, o)] = true
		}
	}
	for _, o := range u.info.Uses {
		note(o)
	}
	for expr, t := range u.info.Types { // a literal without keys names all fields
		if lit, ok := expr.(*ast.CompositeLit); ok && len(lit.Elts) > 0 {
			s, isStruct := t.Type.Underlying().(*types.Struct)
			if _, keyed := lit.Elts[0].(*ast.KeyValueExpr); isStruct && !keyed {
				for f := range s.Fields() {
					note(f)
				}
			}
		}
	}
}

// spread notes what is needed with what is needed.
func spread(names map[place]*export, needed map[place]bool) {
	var reach func(at place)
	reached := map[place]bool{}
	reach = func(at place) {
		needed[at] = true
		if e := names[at]; e != nil && !reached[at] {
			reached[at] = true
			for _, with := range e.with {
				reach(with)
			}
		}
	}
	for at := range names {
		if needed[at] {
			reach(at)
		}
	}
}
