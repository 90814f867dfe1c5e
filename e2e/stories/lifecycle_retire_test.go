package stories

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestRetire deletes a folder with two versions that have traffic. The denial names a command, and
// after that command the same deletion succeeds.
func TestRetire(t *testing.T) {
	t.Parallel()
	s := begin(t, "retire")
	dir := t.TempDir()
	for _, x := range []version{v("v1", "role=primary"), v("v2", "role=canary", "weight=50")} {
		if err := os.WriteFile(filepath.Join(dir, x.deployment()+".yaml"), []byte(x.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.kubectl("", "apply", "-f", dir).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", halfToV2)

	s.step("kubectl delete -f dir/ is refused, for v1 carries half of the traffic; the denial names the way")
	out := s.kubectl("", "delete", "-f", dir+"/echo-v1.yaml").mustFail("[stranded-traffic]")
	way := s.commandIn(out.stderr, "kubectl annotate deployment ")

	s.step("%s", strings.Join(way, " "))
	s.kubectl("", way[1:]...).mustSucceed()
	s.waitGone("routetables", "echo-routes")
	s.mustGet("services", "echo")
	s.kubectl("", "delete", "-f", dir).mustSucceed()
	s.waitNoSiblings()

	s.step("retire in a file works as well, both in one breath, and the app may come again")
	s.kubectl("", "apply", "-f", dir).mustSucceed()
	s.waitTraffic("echo", halfToV2)
	s.apply(v("v1", "role=primary", "retire=true").String()).mustSucceed()
	s.kubectl("", "delete", "-f", dir).mustSucceed()
	s.waitNoSiblings()
}

// commandIn returns the command that a message names.
func (s *story) commandIn(message, command string) []string {
	s.Helper()
	_, found, ok := strings.Cut(message, command)
	if !ok {
		s.Fatalf("the message must name the command %q, but is:\n%s", command, message)
	}
	line, _, _ := strings.Cut(found, "\n")
	line, _, _ = strings.Cut(line, ";")
	return strings.Fields(command + line)
}

// TestRetireSeedsChart uninstalls the seed's chart in Helm's order. To Aviary its RouteTable is a
// hand-made one, which Helm deletes after the Service and the Deployments.
func TestRetireSeedsChart(t *testing.T) {
	t.Parallel()
	s := begin(t, "retire-seeds-chart")
	for _, o := range chart(t, "echo", s.namespace, 4) {
		s.applyObject(o)
	}
	s.waitAvailable("echo-v1", "echo-v2")
	const way = "kubectl annotate routetable echo-routes aviary.dev/retire=true"
	s.step("helm uninstall would be refused; the first denial names %s", way)
	args := s.commandIn(s.uninstall("--dry-run=server").mustFail("[upstream-in-use]").stderr, way)
	s.step("%s; helm uninstall", strings.Join(args, " "))
	s.kubectl("", args[1:]...).mustSucceed()
	s.uninstall().mustSucceed()
	s.waitNoSiblings()

	s.step("without it, an uninstallation fails halfway, with the RouteTable gone, and succeeds the second time")
	for _, o := range chart(t, "echo", s.namespace, 4) {
		s.applyObject(o)
	}
	s.uninstall().mustFail(way)
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
		now := s.kubectl("", append([]string{"delete", strings.ToLower(o.GetKind()), o.GetName(), "--ignore-not-found"}, more...)...)
		if out.err == nil {
			out = now
		}
	}
	return out
}
