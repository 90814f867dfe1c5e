package convention_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
)

// TestDefaultsForms: patched as JSON and filled in after decoding, a Deployment is the same one.
func TestDefaultsForms(t *testing.T) {
	t.Parallel()
	stored := &metav1.LabelSelector{MatchLabels: map[string]string{"old": "yes"}}
	keys := convention.DefaultLabelKeys()
	filled := 0
	for _, text := range deploymentForms() {
		text = asJSON(t, text)
		for _, selector := range []*metav1.LabelSelector{nil, stored} {
			d := decode(t, text)
			hash := d.Spec.Template.Hash()
			defaults := convention.DefaultsFor(d, selector, keys)
			defaults.Apply(d)
			patch := defaults.Patch()
			patched := decode(t, apply(t, text, patch))
			if diff := cmp.Diff(visible(patched), visible(d), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s\nforms differ (-patched +applied)\n%s", text, diff)
			}
			if d.Spec.Template.Hash() != hash {
				t.Fatalf("%s\nthe hash is not that of the text", text)
			}
			if again := convention.DefaultsFor(d, selector, keys).Patch(); len(again) > 0 {
				t.Fatalf("%s\nDefaultsFor() of what was filled in = %v, want nothing", text, paths(again))
			}
			filled += len(patch)
		}
	}
	if filled == 0 {
		t.Error("nothing was filled in")
	}
}

// visible is what defaults are about.
func visible(d *convention.Deployment) []any {
	return []any{d.Labels, d.Spec.Template.Labels, d.Spec.Selector}
}

// deploymentForms are Deployments in which whatever may be absent, null or empty is.
func deploymentForms() []string {
	var out []string
	specs := []string{"spec: null", "spec: {}"}
	for _, selector := range []string{
		"", "selector: null, ", "selector: {}, ",
		"selector: {matchLabels: {}}, ", "selector: {matchLabels: {app: mine}}, ",
		"selector: {matchExpressions: [{key: app, operator: Exists}]}, ",
	} {
		for _, template := range []string{
			"null", "{}", "{metadata: null}", "{metadata: {}}", "{metadata: {labels: null}}", "{metadata: {labels: {}}}",
			"{metadata: {labels: {app: mine}}}",
			"{metadata: {labels: {app: echo, version: v1, x: z}, annotations: {aviary.dev/app: echo}}}",
		} {
			specs = append(specs, "spec: {"+selector+"template: "+template+"}")
		}
	}
	for _, annotations := range []string{
		"", "annotations: {aviary.dev/role: primary}, ",
		"annotations: {aviary.dev/app: Echo}, ", "annotations: {aviary.dev/app: echo}, ",
		"annotations: {aviary.dev/app: echo, aviary.dev/version: v2}, ",
		"annotations: {aviary.dev/app: echo, aviary.dev/version: V/2}, ",
	} {
		for _, labels := range []string{"", "labels: null, ", "labels: {}, ", "labels: {app: mine}, "} {
			for _, spec := range specs {
				out = append(out, "metadata: {"+annotations+labels+"name: echo-v1}\n"+spec)
			}
		}
	}
	return out
}

// TestTableLabels: both forms of a table's default say the same.
func TestTableLabels(t *testing.T) {
	t.Parallel()
	keys := convention.DefaultLabelKeys()
	all := map[string]map[string]string{"None": nil, "Empty": {}, "Others": {"x": "y"}, "Has": {"apiGroup": "z"}}
	for name, labels := range all {
		for _, groups := range [][]string{nil, {"a", "b"}} {
			text, err := json.Marshal(map[string]any{"metadata": map[string]any{"labels": labels}})
			if err != nil {
				t.Fatal(err)
			}
			before := merge(labels, nil)
			patched := decode(t, apply(t, string(text), convention.DefaultTable(labels, groups, keys)))
			got := convention.TableLabels(labels, groups, keys)
			if diff := cmp.Diff(patched.Labels, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, %v: forms differ (-patched +labels)\n%s", name, groups, diff)
			}
			if diff := cmp.Diff(before, labels, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s, %v: the map was changed\n%s", name, groups, diff)
			}
		}
	}
}
