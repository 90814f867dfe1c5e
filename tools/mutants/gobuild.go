package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// goPackage is a package whose files are instrumented.
type goPackage struct {
	name, dir string
	fset      *token.FileSet
	exports   types.Importer
	files     []*goFile
}

type goFile struct {
	name  string
	text  []byte
	sites []site // that compile
}

// readPackage finds the mutants of a package that compile, each by itself.
func readPackage(ctx context.Context, root, name string) (*goPackage, error) {
	p := &goPackage{name: name, dir: filepath.Join(root, name), fset: token.NewFileSet()}
	exports, err := p.listExports(ctx)
	if err != nil {
		return nil, err
	}
	p.exports = importer.ForCompiler(p.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path]) // #nosec G304 -- go list says where
	})
	names, err := filepath.Glob(filepath.Join(p.dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name) // #nosec G304 -- a file of ours
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, &goFile{name: name, text: text})
	}
	return p, p.sift()
}

// listExports asks where the compiled packages are that this one imports.
func (p *goPackage) listExports(ctx context.Context) (map[string]string, error) {
	list := exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}",
		".", "os", "strconv", "syscall")
	list.Dir, list.Stderr = p.dir, os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list what %s imports: %w", p.name, err)
	}
	exports := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		exports[path] = file
	}
	return exports, nil
}

// sift keeps the sites that compile.
func (p *goPackage) sift() error {
	parsed := make([]*ast.File, len(p.files), len(p.files)+1)
	for i, f := range p.files {
		var err error
		if parsed[i], err = parser.ParseFile(p.fset, f.name, f.text, 0); err != nil {
			return err
		}
	}
	asks, err := parser.ParseFile(p.fset, "mutants.go", switchOf(p.name, 0), 0)
	if err != nil {
		return err
	}
	parsed = append(parsed, asks)
	whole := slices.Clone(parsed)
	for i := range p.files {
		parsed[i] = p.only(parsed[i], -1)
	}
	for i, f := range p.files {
		for _, s := range findSites(p.fset, whole[i], f.text) {
			changed, err := parser.ParseFile(p.fset, f.name, instrument(f.text, []site{s}, []int{0}), 0)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", f.name, s.change, err)
			}
			with := slices.Clone(parsed)
			with[i] = p.only(changed, s.start)
			if p.compiles(with) {
				f.sites = append(f.sites, s)
			}
		}
	}
	return nil
}

// only leaves out what functions do, but for the one that is at an offset: that is not looked at.
func (p *goPackage) only(file *ast.File, offset int) *ast.File {
	out := *file
	out.Decls = slices.Clone(file.Decls)
	for i, d := range out.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && (p.fset.Position(f.Pos()).Offset > offset || p.fset.Position(f.End()).Offset <= offset) {
			without := *f
			without.Body = nil
			out.Decls[i] = &without
		}
	}
	return &out
}

// compiles reports whether nothing is wrong but what is not used, in functions that are left out.
func (p *goPackage) compiles(files []*ast.File) bool {
	wrong := false
	config := types.Config{Importer: p.exports, Error: func(err error) {
		found, ok := errors.AsType[types.Error](err)
		wrong = wrong || !ok || !found.Soft
	}}
	_, _ = config.Check(p.name, p.fset, files, nil)
	return !wrong
}

// instrument puts the sites into a file. They nest: of two that begin in one place the longer one is the outer one.
func instrument(text []byte, all []site, ids []int) []byte {
	type insertion struct {
		at, rank int
		text     string
	}
	var parts []insertion
	for i, s := range all {
		asks := fmt.Sprintf("%s(%d)", awake, ids[i])
		size := s.end - s.start
		// At one place, what closes stands before what opens; inner ones close first, and outer ones open first.
		parts = append(parts,
			insertion{s.start, len(text) - size, fmt.Sprintf(s.before, asks)},
			insertion{s.end, size - len(text), s.after})
	}
	slices.SortStableFunc(parts, func(a, b insertion) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank))
	})
	var out bytes.Buffer
	last := 0
	for _, p := range parts {
		out.Write(text[last:p.at])
		out.WriteString(p.text)
		last = p.at
	}
	out.Write(text[last:])
	return out.Bytes()
}

// overlay writes the instrumented files beside an overlay of go's that puts them in place, into a folder.
func overlay(packages []*goPackage, ids map[*goFile][]int, total int, folder string) (string, error) {
	replace := map[string]string{}
	put := func(name string, text []byte) error {
		copied := filepath.Join(folder, fmt.Sprintf("%d.go", len(replace)))
		replace[name] = copied
		return os.WriteFile(copied, text, 0o600)
	}
	for _, p := range packages {
		if err := put(filepath.Join(p.dir, "mutants_awake.go"), switchOf(p.name, total)); err != nil {
			return "", err
		}
		for _, f := range p.files {
			if err := put(f.name, instrument(f.text, f.sites, ids[f])); err != nil {
				return "", err
			}
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(folder, "overlay.json")
	return name, os.WriteFile(name, text, 0o600)
}
