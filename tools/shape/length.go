package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a file, a function's body and a line may have. A tab counts as one column.
const (
	maxColumns  = 120
	maxFile     = 300
	medianFile  = 120
	medianLines = 12
)

// goFile is a file that people wrote.
type goFile struct {
	name string // below the root
	text []byte
	fset *token.FileSet
	ast  *ast.File
}

// readFiles parses all Go files below root, of modules within it, too; not those in testdata and
// hidden folders, and not generated ones.
func readFiles(root string) ([]goFile, error) {
	var out []goFile
	tree := os.DirFS(root)
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		hidden := len(name) > 1 && strings.HasPrefix(entry.Name(), ".")
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (hidden || entry.Name() == "testdata"):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		f := goFile{name: name, fset: token.NewFileSet()}
		if f.text, err = fs.ReadFile(tree, name); err != nil {
			return err
		}
		f.ast, err = parser.ParseFile(f.fset, name, f.text, parser.ParseComments|parser.SkipObjectResolution)
		if err == nil && !ast.IsGenerated(f.ast) {
			out = append(out, f)
		}
		return err
	})
	return out, err
}

// tooLong returns the lines and files that are too long, and the medians.
func tooLong(files []goFile) []violation {
	var found []violation
	add := func(file string, line int, format string, args ...any) {
		found = append(found, violation{file, line, fmt.Sprintf(format, args...)})
	}
	var fileLines, bodyLines []int
	for _, f := range files {
		lines := bytes.Count(f.text, []byte("\n"))
		fileLines = append(fileLines, lines)
		if lines > maxFile {
			add(f.name, lines, "the file has %d lines, at most %d are allowed", lines, maxFile)
		}
		found = append(found, longLines(f)...)
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				bodyLines = append(bodyLines, linesOf(f.fset, fn.Body))
			}
		}
	}
	if m := median(fileLines); m > medianFile {
		add("go.mod", 1, "half of the files have %d lines or more, at most %d are allowed", m, medianFile)
	}
	if m := median(bodyLines); m > medianLines {
		add("go.mod", 1, "half of the functions have %d lines or more, at most %d are allowed", m, medianLines)
	}
	return found
}

func longLines(f goFile) []violation {
	var found []violation
	n := 0
	for line := range bytes.Lines(f.text) {
		n++
		if c := utf8.RuneCount(bytes.TrimRight(line, "\r\n")); c > maxColumns {
			text := fmt.Sprintf("the line has %d columns, at most %d are allowed", c, maxColumns)
			found = append(found, violation{f.name, n, text})
		}
	}
	return found
}

// linesOf counts the lines from the first statement to the last.
func linesOf(fset *token.FileSet, body *ast.BlockStmt) int {
	if len(body.List) == 0 {
		return 0
	}
	last := body.List[len(body.List)-1]
	return fset.Position(last.End()).Line - fset.Position(body.List[0].Pos()).Line + 1
}

// median returns the one in the middle; 0 for none.
func median(of []int) int {
	if len(of) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(of))[len(of)/2]
}
