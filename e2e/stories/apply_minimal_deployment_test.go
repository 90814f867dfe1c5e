package stories

import (
	"slices"
	"strings"
	"testing"
)

// TestLessThanTheSeed leaves out of the Deployments what can be left out: the
// selector, all labels, and the role of an app's only version.
func TestLessThanTheSeed(t *testing.T) {
	t.Parallel()
	s := begin(t, "less-than-the-seed")

	s.step("no selector, no labels: an app, a group and a container with a port are enough")
	warned := s.apply(v("v1", "api-group=example").String()).mustSucceed().warnings()
	if !slices.ContainsFunc(warned, func(w string) bool { return strings.Contains(w, "v1 became primary") }) {
		t.Errorf("a warning must say that v1 became primary, got %q", warned)
	}
	s.siblings(seed(t, "echo", s.namespace, 1))
	s.available("echo-v1") // So the selector fits the pods' labels.

	s.step("a second version needs only its role besides: it stands by")
	s.apply(v("v2", "api-group=example", "role=standby").String()).mustSucceed()
	s.available("echo-v2")
	s.siblings(seed(t, "echo", s.namespace, 2))

	s.step("then it becomes a canary")
	s.apply(v("v2", "api-group=example", "role=canary").String()).mustSucceed()
	s.siblings(seed(t, "echo", s.namespace, 3))
}
