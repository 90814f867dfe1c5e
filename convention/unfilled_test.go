package convention_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

// TestUnfilled: what keeps a selector from being filled in is said, and nothing where it is filled in or there.
func TestUnfilled(t *testing.T) {
	t.Parallel()
	const noVersion = at + `version]: is missing, and the name "echo" does not begin with "echo-"; ` +
		"set it, for example to v2"
	annotated := func(pairs ...string) map[string]string {
		out := map[string]string{}
		for pair := range slices.Chunk(pairs, 2) {
			out[pair[0]] = pair[1]
		}
		return out
	}
	for name, c := range map[string]struct {
		deployment  string
		annotations map[string]string
		want        []string
	}{
		"filled in": {"echo-v1", annotated("aviary.dev/app", "echo", "aviary.dev/weight", "x"), nil},
		"filled in, with slips": {
			"echo-v1", annotated("aviary.dev/app", "echo", "aviary.dev/wieght", "1", "aviary.io/role", "primary"), nil,
		},
		"nobody's":          {"echo", annotated("team", "x", "aviary.example/owner", "x", "aviary-team/app", "x"), nil},
		"an override alone": {"echo", annotated("aviary.dev/override", "size-limits: x"), nil},
		"no version":        {"echo", annotated("aviary.dev/app", "echo", "aviary.dev/weight", "x"), []string{noVersion}},
		"no name yet": {"", annotated("aviary.dev/app", "echo"), []string{
			at + "version]: is missing, and the Deployment has no name yet from which it could be taken; " +
				"set it, for example to v2",
		}},
		"capitals": {"echo-v1", annotated("aviary.dev/app", "Echo", "aviary.dev/version", "v1"), []string{
			at + `app]: "Echo"` + badApp,
		}},
		"another domain": {"echo-v1", annotated("aviary.io/app", "echo", "aviary.io/role", "primary"), []string{
			"warning: metadata.annotations[aviary.io/app]: is not an annotation that Aviary knows; " +
				"did you mean aviary.dev/app?",
			"warning: metadata.annotations[aviary.io/role]: is not an annotation that Aviary knows; " +
				"did you mean aviary.dev/role?",
		}},
		"a slip": {"echo-v1", annotated("aviary.dev/ap", "echo"), []string{
			at + "ap]: is not an annotation that Aviary knows; did you mean aviary.dev/app?",
		}},
		"no app": {"echo-v1", annotated("aviary.dev/role", "primary"), []string{
			at + "app]: is missing, so aviary.dev/role has no effect; " +
				"set aviary.dev/app to the app's name, or remove Aviary's annotations",
		}},
	} {
		d := deployment(t, c.deployment, c.annotations)
		if diff := cmp.Diff(c.want, lines(convention.Unfilled(d, convention.DefaultLabelKeys()))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	onTemplate := decode(t, `{"metadata": {"name": "echo-v1"},
"spec": {"template": {"metadata": {"annotations": {"aviary.dev/app": "echo"}}}}}`)
	want := []string{"warning: spec.template." + at + "app]: has no effect on the pod template; " +
		"move it to the Deployment's own annotations"}
	if diff := cmp.Diff(want, lines(convention.Unfilled(onTemplate, convention.DefaultLabelKeys()))); diff != "" {
		t.Errorf("on the template (-want +got)\n%s", diff)
	}
	withSelector := decode(t, `{"metadata": {"name": "echo", "annotations": {"aviary.dev/app": "echo"}},
"spec": {"selector": {"matchLabels": {"app": "echo"}}, "template": {}}}`)
	if got := convention.Unfilled(withSelector, convention.DefaultLabelKeys()); got != nil {
		t.Errorf("with a selector of its own: %v", lines(got))
	}
}
