package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	heading = regexp.MustCompile(`(?m)^## Add a rule in ten minutes\n((?:[^#].*\n|\n)+)`)
	step    = regexp.MustCompile(`(?m)^(\d+)\. (.+(?:\n   .+)*)\n`)
	span    = regexp.MustCompile("`([^`]+)`")
	// folderCell is the first cell of a row that names folders at the root, and nothing else.
	folderCell = regexp.MustCompile("(?m)^\\| ((?:`[a-z0-9]+`(?:, )?)+) \\|")
)

// TestContributing follows "Add a rule in ten minutes" to the letter, in a copy of the repository. What stands between
// backquotes is a command, which must succeed, a file, which must be there by then, or a word that the rule's files
// have.
func TestContributing(t *testing.T) {
	t.Parallel()
	root := copyRepository(t)
	page, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	section := heading.FindSubmatch(page)
	if section == nil {
		t.Fatalf("CONTRIBUTING.md has no section like %s", heading)
	}
	var ran []string
	var written, told map[string]string
	for _, s := range step.FindAllStringSubmatch(string(section[1]), -1) {
		for _, words := range span.FindAllStringSubmatch(s[2], -1) {
			switch what := words[1]; {
			case strings.HasPrefix(what, "make "), strings.HasPrefix(what, "go "):
				ran = append(ran, what)
				output := execute(t, root, what)
				if told = ruleFiles(t, root); written == nil {
					written = told
				}
				if strings.Contains(what, "Stories") && !strings.Contains(output, "--- PASS: TestStories/my-rule/one-too-many") {
					t.Errorf("step %s: %s tells no story of the new rule:\n%s", s[1], what, output)
				}
			case strings.Contains(what, "/"):
				if _, err := os.Stat(filepath.Join(root, what)); err != nil { // #nosec G703 -- our own page says it
					t.Errorf("step %s: %v", s[1], err)
				}
			case !strings.Contains(strings.Join(slices.Collect(maps.Values(told)), ""), what):
				t.Errorf("step %s: none of the rule's files has %q", s[1], what)
			}
		}
	}
	if len(ran) < 3 || ran[0] != "make new-rule NAME=my-rule" {
		t.Errorf("the steps must begin with make new-rule NAME=my-rule and run tests, run %q", ran)
	}
	if diff := cmp.Diff(written, told); diff != "" {
		t.Errorf("the new rule's stories are not told as they are written (-written +told):\n%s", diff)
	}
	if story := told["testdata/one-too-many.txtar"]; !strings.Contains(story, "[my-rule] app echo has 3 versions") {
		t.Errorf("the rule doesn't speak in its story:\n%s", story)
	}
}

// TestContributingListsFolders holds the list in "Where things live" to the folders at the root.
func TestContributingListsFolders(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, cell := range folderCell.FindAllStringSubmatch(string(page), -1) {
		for _, name := range span.FindAllStringSubmatch(cell[1], -1) {
			listed = append(listed, name[1])
		}
	}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && e.Name() != "bin" {
			folders = append(folders, e.Name())
		}
	}
	slices.Sort(listed)
	if diff := cmp.Diff(folders, listed); diff != "" {
		t.Errorf("the table in CONTRIBUTING.md, \"Where things live\" (-folders +listed):\n%s", diff)
	}
}

// copyRepository copies all but what is not of this module, or is no source.
func copyRepository(t *testing.T) string {
	t.Helper()
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, e := range entries {
		from, to := filepath.Join("../..", e.Name()), filepath.Join(root, e.Name())
		switch {
		case slices.Contains([]string{".git", "bin", "e2e"}, e.Name()):
		case e.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			var text []byte
			if text, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, text, 0o600) // #nosec G703 -- a name of a file here
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// Somebody may be following the page in this very tree.
	if err := os.RemoveAll(filepath.Join(root, rulesFolder, "my-rule")); err != nil {
		t.Fatal(err)
	}
	return root
}

// execute runs a command as a person would, whatever make runs this test, and returns what it prints. It builds with
// the race detector if this test is: what is built already is not built again.
func execute(t *testing.T, root, command string) string {
	t.Helper()
	flags := "GOFLAGS=" + os.Getenv("GOFLAGS") + " -v -vet=off -ldflags=-w"
	race := debug.BuildSetting{Key: "-race", Value: "true"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, race) {
		flags += " -race"
	}
	run := exec.CommandContext(t.Context(), "bash", "-c", command)
	run.Dir = root
	run.Env = append(slices.DeleteFunc(os.Environ(), ofMake), flags, "GOWORK=off", "PWD="+root)
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, output)
	}
	return string(output)
}

// ofMake reports whether a variable of the environment is one that make leaves to those it runs.
func ofMake(variable string) bool {
	return strings.HasPrefix(variable, "MAKE") || strings.HasPrefix(variable, "MFLAGS")
}

// ruleFiles returns the files of the new rule's folder.
func ruleFiles(t *testing.T, root string) map[string]string {
	t.Helper()
	folder := filepath.Join(root, rulesFolder, "my-rule")
	files := map[string]string{}
	for _, pattern := range []string{"*.*", "testdata/*"} {
		names, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[strings.TrimPrefix(name, folder+"/")] = string(text)
		}
	}
	return files
}
