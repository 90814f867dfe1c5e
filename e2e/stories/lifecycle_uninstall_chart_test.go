package stories

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestRetireSeedsChart uninstalls the seed's chart in Helm's order. To Aviary its RouteTable is a
// hand-made one, which Helm deletes after the Service and the Deployments.
func TestRetireSeedsChart(t *testing.T) {
	t.Parallel()
	s := begin(t, "retire-seeds-chart")
	for _, o := range chart(t, "echo", s.namespace, 4) {
		s.applyObject(o)
	}
	s.waitAvailable("echo-v1", "echo-v2")
	const command = "kubectl annotate routetable echo-routes aviary.dev/retire=true"
	s.step("helm uninstall would be refused; the first denial names %s", command)
	args := s.commandIn(s.uninstall("--dry-run=server").mustFail("[upstream-in-use]").stderr, command)
	if n := s.countEvents("Refused", ""); n > 0 {
		t.Errorf("a dry run must leave no Event, there are %d", n)
	}
	s.step("%s; helm uninstall", strings.Join(args, " "))
	s.kubectl("", args[1:]...).mustSucceed()
	s.uninstall().mustSucceed()
	s.waitNoSiblings()

	s.step("without it, an uninstallation deletes the RouteTable and fails, and succeeds the second time")
	for _, o := range chart(t, "echo", s.namespace, 4) {
		s.applyObject(o)
	}
	s.uninstall().mustFail(command)
	s.step("helm prints no reason, so an Event on the Service tells it")
	s.eventually("an Event on the Service", func() error {
		described := s.kubectl("", "describe", "service", "echo").mustSucceed().stdout
		if !containsAll(described, []string{"Refused", "[upstream-in-use]"}) {
			return errors.New(described)
		}
		return nil
	})
	s.uninstall().mustSucceed()
	s.waitNoSiblings()
}

// uninstallOrder is Helm's order for the kinds of the seed's chart. Kinds that Helm doesn't know go
// last, by name.
var uninstallOrder = []string{"Service", "Deployment", "RouteTable", "Upstream"}

// uninstall deletes the objects of the seed's chart in its fourth step as Helm does: it goes on
// after a failure and fails at the end. It returns the first failure, or else the last success.
func (s *story) uninstall(more ...string) (out outcome) {
	s.Helper()
	objects := chart(s.T, "echo", s.namespace, 4)
	slices.SortStableFunc(objects, func(a, b *unstructured.Unstructured) int {
		return slices.Index(uninstallOrder, a.GetKind()) - slices.Index(uninstallOrder, b.GetKind())
	})
	for _, o := range objects {
		args := []string{"delete", strings.ToLower(o.GetKind()), o.GetName(), "--ignore-not-found"}
		one := s.kubectl("", append(args, more...)...)
		if out.err == nil {
			out = one
		}
	}
	return out
}
