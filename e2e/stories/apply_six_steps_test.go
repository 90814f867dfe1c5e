package stories

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSixSteps goes through the seed's canary workflow for two apps in parallel, with annotated
// Deployments instead of a chart.
func TestSixSteps(t *testing.T) {
	t.Parallel()
	for _, app := range []string{"echo", "foxtrot"} {
		t.Run(app, func(t *testing.T) {
			t.Parallel()
			s := begin(t, app)
			s.exposeTables()
			sixSteps(s, app)
		})
	}
}

// sixSteps goes through the six steps with one app, and compares its siblings with the seed's after
// each.
func sixSteps(s *story, app string) {
	for step := 1; step <= steps; step++ {
		file := fmt.Sprintf("step-%d.yaml", step)
		s.step("kubectl apply -f %s", file)
		manifests := forApp(readTestdata(s.T, "six-steps", file), app, app)
		if warned := s.apply(manifests).mustSucceed().warnings(); len(warned) > 0 {
			s.Errorf("%s must go without a warning, got %q", file, warned)
		}
		s.waitSiblings(seed(s.T, app, app, step))
	}
	s.step("kubectl delete deployment %s-v1", app)
	s.kubectl("", "delete", "deployment", app+"-v1").mustSucceed()
	s.waitGone("deployments", app+"-v1")
	s.waitSiblings(seed(s.T, app, app, steps))
}

// TestSeedIsTypedRight compares the objects in testdata/seed, typed from the seed's text, with what
// Helm's engine renders from the seed's chart.
func TestSeedIsTypedRight(t *testing.T) {
	t.Parallel()
	s := begin(t, "seed-is-typed-right")
	for _, app := range []string{"echo", "foxtrot"} {
		for step := 1; step <= steps; step++ {
			rendered := map[string]any{}
			for _, o := range chart(t, app, app, step) {
				rendered[o.GetKind()+" "+o.GetName()] = s.comparedPart(s.defaulted(o))
			}
			for _, o := range seed(t, app, app, step) {
				name := o.GetKind() + " " + o.GetName()
				if diff := cmp.Diff(s.comparedPart(s.defaulted(o)), rendered[name]); diff != "" {
					t.Errorf("step %d, %s (-typed +rendered)\n%s", step, name, diff)
				}
			}
		}
	}
}
