package dialect_test

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// glooWords are Gloo's words for what all others call a table, a root and a backend, in small
// letters. They may not be parts of a longer word either.
var glooWords = []string{"routetable", "virtualservice", "upstream"}

// besides are the folders that may say them: the dialect's own, and those of programs.
var besides = []string{"dialect/gloo", "cmd", "e2e", "tools"}

// exceptions are places that say them all the same, and why: "file: text". There may be three.
var exceptions = map[string]string{
	"policy/suggest.go: upstream":         "rules that were written for the old name are told the new one",
	"policy/suggest.go: upstreams":        "as above",
	"policy/program.go: foreign-upstream": "the id of the rule that says which namespaces are open to all",
}

// TestWords holds a dialect to its folder: no other code says its words or imports it.
func TestWords(t *testing.T) {
	t.Parallel()
	if len(exceptions) > 3 {
		t.Errorf("%d exceptions, at most three are allowed", len(exceptions))
	}
	used := map[string]bool{}
	eachFile(t, besides, func(name string, text []byte) {
		for _, said := range glooIn(name, text) {
			if key := name + ": " + said.text; exceptions[key] != "" {
				used[key] = true
			} else {
				t.Errorf("%s: %s is Gloo's, and this package must know no dialect", said.at, said.text)
			}
		}
	})
	for key := range exceptions {
		if !used[key] {
			t.Errorf("the exception %q is not needed any more", key)
		}
	}
}

type saying struct {
	at   token.Position
	text string
}

// glooIn returns the names and texts in a file, without comments, that have one of Gloo's words in
// them or import its package.
func glooIn(name string, text []byte) []saying {
	fset := token.NewFileSet()
	file := fset.AddFile(name, fset.Base(), len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	var out []saying
	for {
		pos, tok, literal := s.Scan()
		switch tok {
		case token.EOF:
			return out
		case token.STRING:
			if unquoted, err := strconv.Unquote(literal); err == nil {
				literal = unquoted
			}
		case token.IDENT:
		default:
			continue
		}
		if strings.HasPrefix(literal+"/", "aviary.dev/dialect/gloo/") || hasGlooWord(literal) {
			out = append(out, saying{fset.Position(pos), literal})
		}
	}
}

func hasGlooWord(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(glooWords, func(word string) bool { return strings.Contains(text, word) })
}

func TestGlooIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"import \"aviary.dev/dialect/gloo\"": 1, "import \"aviary.dev/dialect/gloo/glootest\"": 1,
		"import \"aviary.dev/dialect\"": 0, "// an Upstream": 0, "var upstreamOf = 1": 1, "var KnowsUpstreams = 1": 1,
		"const kind = `the RouteTable`": 1, "const kind = \"Virtual\\x53ervice\"": 1, "type routeTables []table": 1,
	} {
		if got := glooIn("a.go", []byte("package a\n"+text+"\n")); len(got) != want {
			t.Errorf("%d of Gloo's words in %s, want %d", len(got), text, want)
		}
	}
}

// TestImports: only programs and their end-to-end tests name a dialect; tools and tests get it from
// glootest.
func TestImports(t *testing.T) {
	t.Parallel()
	eachFile(t, []string{"dialect/gloo", "cmd", "e2e"}, func(name string, text []byte) {
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			if i.Path.Value == `"aviary.dev/dialect/gloo"` {
				t.Errorf("%s imports the dialect: take its kinds from glootest, or have them handed in", name)
			}
		}
	})
}

// eachFile visits the Go files of the repository but for tests and these folders.
func eachFile(t *testing.T, but []string, visit func(name string, text []byte)) {
	t.Helper()
	read := 0
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(but, name) || len(name) > 1 && name[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		read++
		text, err := fs.ReadFile(root, name)
		if err == nil {
			visit(name, text)
		}
		return err
	})
	if err != nil || read < 50 {
		t.Errorf("%d files were read: %v", read, err)
	}
}
