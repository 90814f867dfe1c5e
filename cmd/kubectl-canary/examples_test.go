package main

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

const examples = "../../examples"

// TestExamples holds every folder of examples to what its users are told: expand writes it, and no
// rule would refuse it.
func TestExamples(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(examples + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	annotated := map[string]bool{} // by folder: whether a file opts in
	for _, name := range exampleFiles(t) {
		if !strings.Contains(string(readme), "["+name+"]("+name+")") {
			t.Errorf("examples/README.md does not list %s", name)
		}
		text, err := os.ReadFile(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		annotated[path.Dir(name)] = annotated[path.Dir(name)] || bytes.Contains(text, []byte("\n    aviary.dev/app: "))
	}
	for folder, expands := range annotated {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			at := filepath.Join(examples, folder)
			if expands {
				if out := canary(t, "expand", "-f", at); !strings.Contains(out, "\nkind: RouteTable\n") {
					t.Errorf("expand writes no RouteTable:\n%s", out)
				}
			}
			if folder != "platform" {
				canary(t, "audit", "-f", at, "-f", examples+"/platform", "--fail-on", "warn")
			}
		})
	}
	t.Run("two-teams", func(t *testing.T) {
		t.Parallel()
		canary(t, "expand", "-R", "-f", examples+"/two-teams")
		canary(t, "audit", "-R", "-f", examples+"/two-teams", "-f", examples+"/platform", "--fail-on", "warn")
	})
}

// TestExamplesSideBySide: no example is in another's way.
func TestExamplesSideBySide(t *testing.T) {
	t.Parallel()
	args := []string{"audit", "-R", "--fail-on", "warn"}
	for _, folder := range []string{"platform", "six-steps/4", "two-teams", "shadow", "blue-green/2", "adopting/after"} {
		args = append(args, "-f", filepath.Join(examples, folder))
	}
	canary(t, args...)
}

// TestExamplesAdopting: what Aviary writes for the adopted app routes as the table made by hand did.
func TestExamplesAdopting(t *testing.T) {
	t.Parallel()
	byHand, err := os.ReadFile(examples + "/adopting/before/route-table.yaml")
	if err != nil {
		t.Fatal(err)
	}
	written := canary(t, "expand", "-f", examples+"/adopting/after")
	if diff := cmp.Diff(routesOf(t, string(byHand)), routesOf(t, written)); diff != "" {
		t.Errorf("routes (-by hand +written)\n%s", diff)
	}
}

// routesOf returns the routes of the only RouteTable in a YAML stream.
func routesOf(t *testing.T, stream string) any {
	t.Helper()
	var routes []any
	for document := range strings.SplitSeq(stream, "\n---\n") {
		var object struct {
			Kind string
			Spec struct{ Routes []any }
		}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		if object.Kind == "RouteTable" {
			routes = append(routes, object.Spec.Routes...)
		}
	}
	if len(routes) == 0 {
		t.Fatalf("no RouteTable with routes in\n%s", stream)
	}
	return routes
}

// exampleFiles returns the paths of all manifests below examples, with slashes.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(examples), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && name != "README.md" {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	return files
}

// canary runs the command, which must find nothing wrong, and returns what it writes.
func canary(t *testing.T, args ...string) string {
	t.Helper()
	var out, messages bytes.Buffer
	if code := run(t.Context(), args, nil, &out, &messages); code != exitOK || messages.Len() > 0 {
		t.Errorf("kubectl canary %s: exit code %d\n%s%s", strings.Join(args, " "), code, &messages, &out)
	}
	return out.String()
}
