package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// unit is one package with its syntax, or a package together with its tests.
type unit struct {
	// home is the import path of the folder: that of the package that tests are about.
	home  string
	plain bool // without tests
	fset  *token.FileSet
	files []*ast.File
	types *types.Package
	info  *types.Info
}

// build is a module as it is compiled.
type build struct {
	module string
	units  []*unit
	// all are the packages of the build, those of other modules and of the standard library, too.
	all []*types.Package
}

// The types of other modules come from what the compiler left, the module's own from the source.
const mode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedDeps | packages.NeedTypes | packages.NeedExportFile | packages.NeedModule

// load reads the module in a folder, with its tests.
func load(ctx context.Context, dir string) (*build, error) {
	fset := token.NewFileSet()
	loaded, err := packages.Load(&packages.Config{Context: ctx, Mode: mode, Dir: dir, Fset: fset, Tests: true}, "./...")
	if err != nil {
		return nil, err
	}
	var out build
	var problems, unplaced problems
	own, checked := map[*packages.Package]bool{}, map[*packages.Package]*types.Package{}
	for _, p := range loaded {
		// The program that runs the tests of a package is nobody's source.
		own[p] = p.Name != "main" || !strings.HasSuffix(p.PkgPath, ".test")
		if p.Module != nil && p.Module.Main {
			out.module = p.Module.Path
		}
	}
	packages.Visit(loaded, nil, func(p *packages.Package) { // a package comes after those that it imports
		for _, e := range p.Errors {
			if e.Kind == packages.ListError { // what the compiler prints, which the other errors say, too
				unplaced.add(e)
			} else {
				problems.add(e)
			}
		}
		switch {
		case len(p.Errors) > 0:
		case own[p]:
			u, err := check(fset, p, checked)
			if err != nil {
				problems.add(err)
				return
			}
			checked[p] = u.types
			out.units, out.all = append(out.units, u), append(out.all, u.types)
		default:
			out.all = append(out.all, p.Types)
		}
	})
	if len(problems) == 0 {
		problems = unplaced
	}
	return &out, errors.Join(problems...)
}

// problems are what a build fails with. A package and its tests have the same ones.
type problems []error

func (p *problems) add(err error) {
	if !slices.ContainsFunc(*p, func(known error) bool { return known.Error() == err.Error() }) {
		*p = append(*p, err)
	}
}

// check has the types of a package made from its source.
func check(fset *token.FileSet, p *packages.Package, checked map[*packages.Package]*types.Package) (*unit, error) {
	u := &unit{
		home: strings.TrimSuffix(p.PkgPath, "_test"), plain: p.ID == p.PkgPath, fset: fset,
		info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}},
	}
	for _, name := range p.CompiledGoFiles {
		f, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		u.files = append(u.files, f)
	}
	config := types.Config{Importer: importing(func(path string) (*types.Package, error) {
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		imported := p.Imports[path]
		if imported == nil {
			return nil, fmt.Errorf("no package %s", path)
		}
		if own := checked[imported]; own != nil {
			return own, nil
		}
		return imported.Types, nil
	})}
	var err error
	u.types, err = config.Check(p.PkgPath, fset, u.files, u.info)
	return u, err
}

type importing func(path string) (*types.Package, error)

func (f importing) Import(path string) (*types.Package, error) { return f(path) }
