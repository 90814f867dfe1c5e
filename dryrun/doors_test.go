package dryrun_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/dryrun"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
)

var kinds = glootest.Kinds()

// TestSameDefaults: a Deployment from a manifest is judged as one whose request the defaulting webhook
// has patched.
func TestSameDefaults(t *testing.T) {
	t.Parallel()
	engine, err := policy.New(t.Context(), story.Config())
	if err != nil {
		t.Fatal(err)
	}
	j := judge.New(engine, story.Config().Settings(kinds.Keys()), kinds)
	for name, tc := range map[string]struct {
		reason, selector, pods string
		// want is in a finding; empty if there must be none.
		want string
	}{
		"Absent": {"all is filled in", ``, `{}`, ""},
		"Empty":  {"an empty selector is none", `"selector": {},`, `{"metadata": {"labels": {"team": "x"}}}`, ""},
		"EmptyLabels": {
			"nor is one of no labels", `"selector": {"matchLabels": {}},`, `{"metadata": {"labels": {"app": "echo"}}}`, "",
		},
		"Null": {"null is absent", `"selector": null,`, `{"metadata": null}`, ""},
		"MisplacedKeys": {
			"a warning about the template is no reason to fill in nothing", ``,
			`{"metadata": {"annotations": {"aviary.dev/app": "echo"}}}`, "annotations-valid",
		},
		"Partial": {
			"what there is of a selector stays", `"selector": {"matchLabels": {"app": "echo"}},`, `{}`, "labels-agree",
		},
		"Another":    {"labels are never overwritten", ``, `{"metadata": {"labels": {"app": "other"}}}`, "labels-agree"},
		"NoTemplate": {"nothing is filled in that the API server refuses", ``, `null`, "labels-agree"},
	} {
		text := `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "echo-v1", "namespace": "echo",
			"annotations": {"aviary.dev/app": "echo", "aviary.dev/role": "primary", "aviary.dev/target-port": "80"}},
			"spec": {` + tc.selector + `"template": ` + tc.pods + `}}`
		world := dryrun.NewWorld(kinds, "default")
		object, err := world.Decode(kinds.Of(fact.DeploymentKind), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		admitted, err := kinds.Decode(fact.DeploymentKind, patched(t, text))
		if err != nil {
			t.Fatal(err)
		}
		from := findings(t, j, world, object.Fact)
		if diff := cmp.Diff(findings(t, j, world, admitted), from); diff != "" {
			t.Errorf("%s: %s\nverdicts differ (-admission +manifest)\n%s", name, tc.reason, diff)
		}
		if got := strings.Join(from, "\n"); tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %s\nfound %q, want %q", name, tc.reason, got, tc.want)
		}
		a, b := admitted.(*fact.Workload), object.Fact.(*fact.Workload)
		if diff := cmp.Diff(a, b, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(fact.Workload{}, "Version")); diff != "" {
			t.Errorf("%s: %s\nfacts differ (-admission +manifest)\n%s", name, tc.reason, diff)
		}
	}
}

// patched is what the API server makes of a CREATE, without the stamps.
func patched(t *testing.T, text string) []byte {
	t.Helper()
	var d convention.Deployment
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatal(err)
	}
	var patch convention.Patch
	for _, op := range convention.Default(nil, &d, nil, convention.LiveTable{}, kinds.Keys(), time.Now()) {
		if !strings.HasPrefix(op.Path, "/metadata/annotations/") {
			patch = append(patch, op)
		}
	}
	encoded, err := json.Marshal(patch)
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := jsonpatch.DecodePatch(encoded)
	if err != nil {
		t.Fatal(err)
	}
	out, err := decoded.Apply([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func findings(t *testing.T, j *judge.Judge, world *dryrun.World, f fact.Fact) []string {
	t.Helper()
	list, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: f}, world.Facts())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, x := range list {
		out = append(out, x.String())
	}
	return out
}
