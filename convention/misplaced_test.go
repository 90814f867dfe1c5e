package convention_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

// TestMisplaced: annotations that do nothing where they stand are told, others not.
func TestMisplaced(t *testing.T) {
	t.Parallel()
	const move = " has no effect on the pod template; move it to the Deployment's own annotations"
	const only = " has no effect on a StatefulSet: only Deployments are versions of an app; remove it, or use a Deployment"
	onRollout := strings.Replace(only, "StatefulSet", "Rollout", 1)
	for name, c := range map[string]struct {
		kind, own, template string
		want                []string
	}{
		"on the template": {"Deployment", "", `"aviary.dev/app": "echo", "aviary.dev/role": "primary"`, []string{
			"warning: spec.template." + at + "app]:" + move, "warning: spec.template." + at + "role]:" + move,
		}},
		"each on the template, sorted": {"Deployment", "", `"aviary.dev/weight": "1", "aviary.dev/version": "v1",
"aviary.dev/role": "canary", "aviary.dev/port": "80", "aviary.dev/paths": "/", "aviary.dev/app": "echo"`, []string{
			"warning: spec.template." + at + "app]:" + move, "warning: spec.template." + at + "paths]:" + move,
			"warning: spec.template." + at + "port]:" + move, "warning: spec.template." + at + "role]:" + move,
			"warning: spec.template." + at + "version]:" + move, "warning: spec.template." + at + "weight]:" + move,
		}},
		"others on the template": {"Deployment", `"team": "x"`, `"aviary.dev/x-team": "a", "example.com/aviary": "b"`, nil},
		"in another domain": {"Deployment", `"aviary.io/weight": "10", "aviary.example/owner": "x"`, "", []string{
			"warning: metadata.annotations[aviary.io/weight]: is not an annotation that Aviary knows; " +
				"did you mean aviary.dev/weight?",
		}},
		"on a StatefulSet": {"StatefulSet", `"aviary.dev/app": "echo", "aviary.dev/role": "primary"`, "", []string{
			"warning: " + at + "app]:" + only,
		}},
		"on its template": {"StatefulSet", "", `"aviary.dev/app": "echo"`, []string{
			"warning: spec.template." + at + "app]:" + only,
		}},
		"on a Rollout": {"Rollout", `"aviary.dev/x-team": "a", "aviary.dev/weight": "10"`, "", []string{
			"warning: " + at + "weight]:" + onRollout,
		}},
		"on its pods": {"Rollout", "", `"aviary.dev/app": "echo"`, []string{
			"warning: spec.template." + at + "app]:" + onRollout,
		}},
		"what counts elsewhere": {"Rollout", `"aviary.dev/override": "promotion: x"`, "", []string{
			"warning: " + at + "override]:" + onRollout,
		}},
		"free on a Rollout":   {"Rollout", `"aviary.dev/x-team": "a", "aviary.example/app": "b"`, "", nil},
		"what counts on each": {"StatefulSet", `"aviary.dev/override": "promotion: x", "aviary.dev/x-team": "a"`, "", nil},
	} {
		d := decode(t, `{"metadata": {"name": "echo-v1", "annotations": {`+c.own+`}},
"spec": {"template": {"metadata": {"annotations": {`+c.template+`}}}}}`)
		if diff := cmp.Diff(c.want, lines(convention.Misplaced(c.kind, d))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
