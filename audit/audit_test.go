package audit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/dryrun"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
)

var kinds = glootest.Kinds()

func newJudge(t *testing.T) *judge.Judge {
	t.Helper()
	engine, err := policy.New(t.Context(), story.Config())
	if err != nil {
		t.Fatal(err)
	}
	return judge.New(engine, story.Config().Settings(convention.DefaultLabelKeys()), kinds)
}

func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSameVerdict holds the audit of files to the judge that admission asks: over every rule's stories, both find the
// same about the request's object, whatever the form that it is read in.
func TestSameVerdict(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob("../policy/rules/*/testdata/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	j := newJudge(t)
	found := 0
	for _, file := range stories {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := map[string][]byte{}
		for _, f := range archive.Files {
			parts[f.Name] = f.Data
		}
		if parts["request.yaml"] == nil || parts["config.yaml"] != nil {
			continue
		}
		other := []byte("\n---\nkind: ConfigMap\napiVersion: v1\n")
		objects := write(t, "objects.yaml", slices.Concat(parts["objects.yaml"], other))
		request := write(t, "request.yaml", parts["request.yaml"])
		set := NewSet(kinds, "default")
		if err := set.ReadFiles(t.Context(), dryrun.Source{Names: []string{objects, request}}); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		result, err := set.Judge(t.Context(), j)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		want := admission(t, j, set.world.Facts(), set.objects[len(set.objects)-1].fact)
		var got []policy.Finding
		for _, f := range result.Findings {
			if f.File == request {
				got = append(got, policy.Finding{Rule: f.Rule, Mode: f.Mode, Message: f.Message, Fix: f.Fix, Field: f.Field})
			}
		}
		found += len(want)
		ignored := cmpopts.IgnoreFields(policy.Finding{}, "Evidence", "Severity", "Annotation")
		if diff := cmp.Diff(want, policy.Sort(got), cmpopts.EquateEmpty(), ignored); diff != "" {
			t.Errorf("%s: audit differs (-judge +audit)\n%s", file, diff)
		}
	}
	if found == 0 {
		t.Error("no story led to a finding, so nothing was compared")
	}
}

// admission judges one object against facts of all of them.
func admission(t *testing.T, j *judge.Judge, facts fact.Reader, f fact.Fact) []policy.Finding {
	t.Helper()
	findings, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: f}, facts)
	if err != nil {
		t.Fatal(err)
	}
	return findings
}

// TestMissingGroup: the one verdict that differs by door. An UpstreamGroup may follow the route that refers to it, but
// among files all that is needed is there.
func TestMissingGroup(t *testing.T) {
	t.Parallel()
	j, world := newJudge(t), dryrun.NewWorld(kinds, "default")
	facts, err := story.Facts([]byte("{apiVersion: gateway.solo.io/v1, kind: RouteTable, "+
		"metadata: {name: r, namespace: echo}, "+
		"spec: {routes: [{routeAction: {upstreamGroup: {name: gone, namespace: echo}}}]}}"), kinds)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		request judge.Request
		want    policy.Mode
	}{
		{judge.Request{Operation: judge.Audit}, policy.ModeDeny},
		{judge.Request{Operation: judge.Audit, Settled: true}, policy.ModeWarn},
		{judge.Request{Operation: judge.Create}, policy.ModeWarn},
		{judge.Request{Operation: judge.Update, Old: facts[0]}, policy.ModeWarn},
	} {
		x.request.New = facts[0]
		found, err := j.Decide(t.Context(), x.request, world.Facts())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(found, func(f policy.Finding) bool { return f.Rule == "freezes-others" })
		if i < 0 || found[i].Mode != x.want {
			t.Errorf("%+v: %v, want %s", x.request, found, x.want)
		}
	}
}

// TestDeterministic: the order of work on many cores does not show.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 600 {
		name := "t" + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		text.WriteString("apiVersion: gateway.solo.io/v1\nkind: RouteTable\n")
		fmt.Fprintf(&text, "metadata:\n  name: %s\n  namespace: shop\n", name)
		text.WriteString("spec:\n  routes:\n  - routeAction:\n      single:\n        upstream:\n" +
			"          name: gone\n          namespace: shop\n---\n")
	}
	file, j := write(t, "x.yaml", []byte(text.String())), newJudge(t)
	var first Result
	for i := range 3 {
		set := NewSet(kinds, "default")
		if err := set.ReadFiles(t.Context(), dryrun.Source{Names: []string{file}}); err != nil {
			t.Fatal(err)
		}
		r, err := set.Judge(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = r
		}
		if diff := cmp.Diff(first, r, cmpopts.IgnoreUnexported(Finding{})); diff != "" {
			t.Fatal(diff)
		}
	}
	if len(first.Findings) < 600 {
		t.Errorf("found %d", len(first.Findings))
	}
}

func TestReadEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	file := write(t, "x.yaml", []byte(strings.Repeat("a: 1\n---\n", 5000)))
	if err := NewSet(kinds, "default").ReadFiles(ctx, dryrun.Source{Names: []string{file}}); err == nil {
		t.Error("went on after its context ended")
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"spec": "spec", "spec.routes[1].routeAction.multi.destinations": "spec|routes|1|routeAction|multi|destinations",
		"metadata.annotations[aviary.dev/weight]": "metadata|annotations|aviary.dev/weight", "a[0][1].b": "a|0|1|b", "": "",
	} {
		if got := strings.Join(steps(field), "|"); got != want {
			t.Errorf("%q: %s, want %s", field, got, want)
		}
	}
}
