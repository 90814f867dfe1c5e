package stories

import (
	"slices"
	"strings"
	"testing"
)

// TestLessThanTheSeed applies Deployments without all that may be left out: the selector, all
// labels, and the role of an app's only version.
func TestLessThanTheSeed(t *testing.T) {
	t.Parallel()
	s := begin(t, "less-than-the-seed")

	s.step("no selector, no labels: an app, a group and a container with a port are enough")
	warned := s.apply(v("v1", "api-group=example").String()).mustSucceed().warnings()
	if !slices.ContainsFunc(warned, func(w string) bool { return strings.Contains(w, "v1 became primary") }) {
		t.Errorf("a warning must say that v1 became primary, got %q", warned)
	}
	s.waitSiblings(seed(t, "echo", s.namespace, 1))
	s.waitAvailable("echo-v1") // So the selector fits the pods' labels.

	s.step("a second version needs only its role besides: it stands by")
	s.apply(v("v2", "api-group=example", "role=standby").String()).mustSucceed()
	s.waitAvailable("echo-v2")
	s.waitSiblings(seed(t, "echo", s.namespace, 2))

	s.step("then it becomes a canary")
	s.apply(v("v2", "api-group=example", "role=canary").String()).mustSucceed()
	s.waitSiblings(seed(t, "echo", s.namespace, 3))
}
