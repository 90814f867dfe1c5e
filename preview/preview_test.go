package preview_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"aviary.dev/audit"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/dryrun"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
	"aviary.dev/preview"
)

var kinds = glootest.Kinds()

func newJudge(t *testing.T) *judge.Judge {
	t.Helper()
	engine, err := policy.New(t.Context(), story.Config())
	if err != nil {
		t.Fatal(err)
	}
	return judge.New(engine, story.Config().Settings(kinds.Keys()), kinds)
}

// TestSameAsAudit: over every rule's stories, a preview and an audit find the same in Deployments.
func TestSameAsAudit(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob("../policy/rules/*/testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	j := newJudge(t)
	compared, found := 0, 0
	for _, file := range stories {
		source := dryrun.Source{Names: objects(t, file)}
		result, err := preview.Expand(t.Context(), j, source, "default")
		if err != nil || strings.Contains(texts(result), "stands twice") {
			continue // an audit says so in a note
		}
		want := audited(t, j, source)
		var got []string
		for _, f := range result.Findings {
			_, text, ok := strings.Cut(f.Text, ": Deployment ")
			if ok {
				got = append(got, text)
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.SortSlices(strings.Compare)); diff != "" {
			t.Errorf("%s: preview differs (-audit +preview)\n%s", file, diff)
		}
		compared, found = compared+1, found+len(want)
	}
	if compared < 100 || found < 10 {
		t.Errorf("compared %d stories with %d findings", compared, found)
	}
}

// objects writes the objects of a story into files: all that there were, and the request's.
func objects(t *testing.T, story string) []string {
	t.Helper()
	archive, err := txtar.ParseFile(story)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range archive.Files {
		if f.Name != "objects.yaml" && f.Name != "request.yaml" {
			continue
		}
		name := filepath.Join(t.TempDir(), f.Name)
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// audited returns what an audit finds in Deployments and does not keep to itself.
func audited(t *testing.T, j *judge.Judge, source dryrun.Source) []string {
	t.Helper()
	set := audit.NewSet(kinds, "default")
	if err := set.ReadFiles(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	result, err := set.Judge(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range result.Findings {
		if f.Kind == "Deployment" && f.Mode >= policy.ModeWarn {
			out = append(out, f.Name+": "+policy.Finding{Rule: f.Rule, Field: f.Field, Message: f.Message, Fix: f.Fix}.String())
		}
	}
	return out
}

func texts(r preview.Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Text)
	}
	return strings.Join(out, "\n")
}
