// Package storylist holds the list of stories in e2e/README.md, and those that other pages cite, to
// the tests that there are. It needs no control plane, which package stories always starts.
package storylist

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// harness is the prefix of files without stories.
const harness = "harness"

var (
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	heading  = regexp.MustCompile(`^### (\w+):`)
	row      = regexp.MustCompile("^\\| `(Test\\w+)` \\|")
	citation = regexp.MustCompile(`-run[ =]['"]?\^?(Test\w+)`)
)

// stories returns the themes of all tests in e2e/stories: what precedes the first _ in their file's
// name.
func stories(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "stories", "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there must be files of stories: %v", err)
	}
	themes := map[string]string{}
	for _, file := range files {
		name := filepath.Base(file)
		theme, _, _ := strings.Cut(name, "_")
		for _, m := range testFunc.FindAllStringSubmatch(read(t, file), -1) {
			themes[m[1]] = theme
			if theme == harness {
				t.Errorf("%s has the story %s, but is part of the harness", name, m[1])
			}
		}
	}
	return themes
}

// TestReadmeListsAllStories expects each story in the table of its theme, and no other.
func TestReadmeListsAllStories(t *testing.T) {
	t.Parallel()
	themes := stories(t)
	listed := map[string]bool{}
	theme := ""
	for line := range strings.Lines(read(t, filepath.Join("..", "README.md"))) {
		if m := heading.FindStringSubmatch(line); m != nil {
			theme = m[1]
		}
		m := row.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		switch want, ok := themes[m[1]]; {
		case !ok:
			t.Errorf("README.md lists %s, which is no story", m[1])
		case want != theme:
			t.Errorf("README.md lists %s under %s, but its file is of the theme %s", m[1], theme, want)
		case listed[m[1]]:
			t.Errorf("README.md lists %s twice", m[1])
		}
		listed[m[1]] = true
	}
	for _, name := range slices.Sorted(maps.Keys(themes)) {
		if !listed[name] {
			t.Errorf("README.md must list %s under %s", name, themes[name])
		}
	}
}

// TestCitedStoriesExist expects that each story exists which a page or the Makefile says how to run.
func TestCitedStoriesExist(t *testing.T) {
	t.Parallel()
	themes := stories(t)
	root := filepath.Join("..", "..")
	pages := []string{
		filepath.Join(root, "Makefile"), filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"),
		filepath.Join("..", "README.md"), filepath.Join("..", "stories", "doc.go"),
	}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	cited := 0
	for _, page := range pages {
		for line := range strings.Lines(read(t, page)) {
			if !strings.Contains(line, "./stories") {
				continue
			}
			for _, m := range citation.FindAllStringSubmatch(line, -1) {
				cited++
				if !matches(themes, m[1]) {
					t.Errorf("%s cites %s, which is no story", page, m[1])
				}
			}
		}
	}
	if cited == 0 {
		t.Error("some pages must cite stories")
	}
}

// matches reports whether -run with such a text would run a story.
func matches(themes map[string]string, text string) bool {
	for name := range themes {
		if strings.HasPrefix(name, text) {
			return true
		}
	}
	return false
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
