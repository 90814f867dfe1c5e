package stories

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestRetire deletes a folder with two versions that have traffic: the denial
// names the way, and by it the same command works at the first try.
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
	s.available("echo-v1", "echo-v2")
	s.flows("echo", halfToV2)

	s.step("kubectl delete -f dir/ is refused, for v1 carries half of the traffic; the denial names the way")
	out := s.kubectl("", "delete", "-f", dir+"/echo-v1.yaml").mustFail("[stranded-traffic]")
	way := s.commandIn(out.stderr, "kubectl annotate deployment ")

	s.step("%s", strings.Join(way, " "))
	s.kubectl("", way[1:]...).mustSucceed()
	s.gone("routetables", "echo-routes")
	s.mustGet("services", "echo")
	s.kubectl("", "delete", "-f", dir).mustSucceed()
	s.noSiblings()

	s.step("retire in a file works as well, both in one breath, and the app may come again")
	s.kubectl("", "apply", "-f", dir).mustSucceed()
	s.flows("echo", halfToV2)
	s.apply(v("v1", "role=primary", "retire=true").String()).mustSucceed()
	s.kubectl("", "delete", "-f", dir).mustSucceed()
	s.noSiblings()
}

// commandIn finds the command that a message names.
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

// TestRetireSeedsChart uninstalls the seed's own chart in Helm's order: its
// RouteTable is a hand-made one to Aviary, and goes last.
func TestRetireSeedsChart(t *testing.T) {
	t.Parallel()
	s := begin(t, "retire-seeds-chart")
	for _, o := range chart(t, "echo", s.namespace, 4) {
		s.applyObject(o)
	}
	s.available("echo-v1", "echo-v2")
	const way = "kubectl annotate routetable echo-routes aviary.dev/retire=true"
	s.step("helm uninstall would be refused; the first denial names %s", way)
	args := s.commandIn(s.uninstall("--dry-run=server").mustFail("[upstream-in-use]").stderr, way)
	s.step("%s; helm uninstall", strings.Join(args, " "))
	s.kubectl("", args[1:]...).mustSucceed()
	s.uninstall().mustSucceed()
	s.noSiblings()

	s.step("without it, an uninstallation fails halfway, with the RouteTable gone, and succeeds the second time")
	for _, o := range chart(t, "echo", s.namespace, 4) {
		s.applyObject(o)
	}
	s.uninstall().mustFail(way)
	s.uninstall().mustSucceed()
	s.noSiblings()
}

// uninstallOrder is Helm's, of the kinds that the seed's chart has. Kinds that
// Helm does not know go last, by name.
var uninstallOrder = []string{"Service", "Deployment", "RouteTable", "Upstream"}

// uninstall deletes what is there of the seed's chart, in its fourth step, as Helm does: it goes on
// after a failure and fails at the end. It gives the first failure, or else the
// last success.
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
