package convention_test

import (
	"testing"

	"aviary.dev/convention"
)

// TestEveryPatchApplies: whatever is absent, null or empty in either object, the API server can
// apply the patch, and once is enough.
func TestEveryPatchApplies(t *testing.T) {
	t.Parallel()
	var objects []string
	olds := []*convention.Deployment{nil}
	for _, annotations := range []string{
		"", "annotations: null,", "annotations: {},", "annotations: {team: x},",
		`annotations: {aviary.dev/override: "promotion: a"},`,
		`annotations: {aviary.dev/overridden-at: "2026-01-01T11:00:00.000Z"},`,
		`annotations: {aviary.dev/override: "", aviary.dev/overridden-at: x},`,
		`annotations: {aviary.dev/override: "promotion: a", ` +
			`aviary.dev/overridden-at: "2026-01-01T11:00:00.000Z", aviary.dev/promoted-at: x},`,
		"annotations: {aviary.dev/app: echo},",
		"annotations: {aviary.dev/app: echo, aviary.dev/role: primary},",
		`annotations: {aviary.dev/app: echo, aviary.dev/role: canary, aviary.dev/weight: "10", ` +
			`aviary.dev/promoted-at: "2026-01-01T11:00:00.000Z", aviary.dev/overridden-at: "2026-01-01T11:00:00.000Z"},`,
	} {
		olds = append(olds, decode(t, "metadata: {"+annotations+"name: echo-v1}"))
		for _, labels := range []string{"", "labels: null,", "labels: {},", "labels: {app: echo},"} {
			for _, spec := range []string{
				"spec: null", "spec: {}", "spec: {template: null}", "spec: {template: {}}",
				"spec: {selector: null, template: {metadata: null}}",
				"spec: {template: {metadata: {labels: null}}}",
			} {
				objects = append(objects, asJSON(t, "metadata: {"+annotations+labels+"name: echo-v1}\n"+spec))
			}
		}
	}
	keys := convention.DefaultLabelKeys()
	for _, text := range objects {
		for _, old := range olds {
			got := apply(t, text, convention.Default(old, decode(t, text), nil, convention.LiveTable{}, keys, noon))
			if again := convention.Default(old, decode(t, got), nil, convention.LiveTable{}, keys, noon); len(again) > 0 {
				t.Fatalf("Default() of %s once more = %v, want nothing", text, paths(again))
			}
		}
	}
}
