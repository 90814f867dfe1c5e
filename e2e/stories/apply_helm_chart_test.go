package stories

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestSeedsChart installs and upgrades the seed's chart as Helm does: one object after another in
// Helm's order, and deletions last. Nothing in it has Aviary's annotations, so Aviary only
// validates.
func TestSeedsChart(t *testing.T) {
	t.Parallel()
	s := begin(t, "seeds-chart")
	s.exposeTables()
	var before []*unstructured.Unstructured
	for step := 1; step <= steps; step++ {
		s.step("helm upgrade --install -f values/%d.yaml", step)
		now := chart(t, "echo", s.namespace, step)
		var warned []string
		for _, o := range now {
			warned = append(warned, s.applyObject(o).warnings()...)
		}
		for _, o := range removed(before, now) {
			out := s.kubectl("", "delete", strings.ToLower(o.GetKind()), o.GetName(), "--wait=false").mustSucceed()
			warned = append(warned, out.warnings()...)
		}
		s.expectWarnings(step, warned)
		for _, o := range seed(t, "echo", s.namespace, step) {
			s.waitSiblings([]*unstructured.Unstructured{o})
		}
		before = now
	}
}

// removed returns the objects of before that are missing in now.
func removed(before, now []*unstructured.Unstructured) (gone []*unstructured.Unstructured) {
	for _, b := range before {
		same := func(n *unstructured.Unstructured) bool {
			return n.GetKind() == b.GetKind() && n.GetName() == b.GetName()
		}
		if !slices.ContainsFunc(now, same) {
			gone = append(gone, b)
		}
	}
	return gone
}

// expectWarnings expects warnings from the first install, where the RouteTable comes before its
// Upstream, and none later.
func (s *story) expectWarnings(step int, warned []string) {
	s.Helper()
	unknown := func(w string) bool { return strings.Contains(w, "[upstream-known]") }
	for _, w := range warned {
		if step > 1 || !unknown(w) {
			s.Errorf("step %d must not warn: %s", step, w)
		}
	}
	if step == 1 && !slices.ContainsFunc(warned, unknown) {
		s.Errorf("the first install must warn that the Upstream does not exist yet, got %q", warned)
	}
}
