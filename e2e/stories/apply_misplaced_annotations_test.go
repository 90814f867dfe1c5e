package stories

import (
	"fmt"
	"testing"
)

// TestMisplacedAnnotations puts annotations where they do nothing. A warning says so, by whatever kind of workload, and
// when they come later.
func TestMisplacedAnnotations(t *testing.T) {
	t.Parallel()
	s := begin(t, "misplaced-annotations")
	s.serveRollouts()
	const move = "has no effect on the pod template; move it to the Deployment's own annotations"
	workload := func(kind, name, own, template string) string {
		version, more := "apps/v1", ""
		switch kind {
		case "StatefulSet":
			more = "  serviceName: plain\n"
		case "Rollout":
			version = "argoproj.io/v1alpha1"
		}
		return fmt.Sprintf(`
apiVersion: %[6]s
kind: %[1]s
metadata: {name: %[2]s, annotations: {%[3]s}}
spec:
%[5]s  selector: {matchLabels: {app: %[2]s}}
  template:
    metadata: {labels: {app: %[2]s}, annotations: {%[4]s}}
    spec: {containers: [{name: echo, image: hashicorp/http-echo}]}
`, kind, name, own, template, more, version)
	}
	for _, c := range []struct{ kind, name, own, template, says string }{
		{"Deployment", "template", "", "aviary.dev/app: echo", move},
		{"Deployment", "domain", "aviary.io/app: echo", "", "did you mean aviary.dev/app?"},
		{"StatefulSet", "own", "aviary.dev/app: echo", "", "has no effect on a StatefulSet"},
		{"StatefulSet", "template", "", "aviary.dev/app: echo", "has no effect on a StatefulSet"},
		{"DaemonSet", "own", "aviary.dev/app: echo", "", "has no effect on a DaemonSet"},
		{"DaemonSet", "template", "", "aviary.dev/app: echo", "has no effect on a DaemonSet"},
		{"Rollout", "own", "aviary.dev/app: echo", "", "has no effect on a Rollout"},
		{"Rollout", "template", "", "aviary.dev/app: echo", "has no effect on a Rollout"},
	} {
		s.step("%s of a %s", c.name, c.kind)
		s.mustWarn(c.says, s.apply(workload(c.kind, "new-"+c.name, c.own, c.template)))
		if c.name != "domain" { // Annotations of other domains alone are no change that Aviary is asked about.
			s.step("later")
			s.apply(workload(c.kind, "old-"+c.name, "", "")).mustSucceed()
			s.mustWarn(c.says, s.apply(workload(c.kind, "old-"+c.name, c.own, c.template)))
		}
		s.step("other keys")
		others := s.apply(workload(c.kind, "others-"+c.name, "aviary.dev/x-team: a", "aviary.example/owner: a"))
		if warned := others.mustSucceed().warnings(); len(warned) > 0 {
			t.Errorf("it warns: %q", warned)
		}
	}
}
