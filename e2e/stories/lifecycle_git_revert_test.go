package stories

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// revision is a commit of an app's folder, and where traffic goes with it.
type revision struct {
	v1, v2  string // Their annotations; "-" if there is no such file.
	traffic string
}

var revisions = []revision{
	{"role=primary", "-", allToV1},
	{"role=primary", "role=standby", allToV1},
	{"role=primary", "role=canary", headerV2},
	{"role=primary", "role=canary weight=50", halfToV2},
	{"role=primary", "role=canary weight=100", canaryAll},
	{"role=primary", "role=primary", allToV2},
	{"-", "role=primary", allToV2},
}

// TestRevert applies an app's folder commit by commit, reverts the commits one by one, and then
// applies all of them again, with both of kubectl's ways to prune.
func TestRevert(t *testing.T) {
	t.Parallel()
	for name, prune := range map[string][]string{
		"selector":  {"--prune", "-l", "team=birds"},
		"apply-set": {"--prune", "--applyset=birds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "revert-"+name)
			last := len(revisions) - 1
			for at := range last {
				s.checkOut(revisions[at], prune)
			}
			s.step("git revert, commit by commit")
			for at := last - 2; at >= 0; at-- {
				s.checkOut(revisions[at], prune)
			}
			s.waitGone("deployments", "echo-v2")
			s.step("and all of it again, until v1 is gone")
			for at := range revisions {
				s.checkOut(revisions[at], prune)
			}
			s.waitGone("deployments", "echo-v1")
			s.waitTraffic("echo", allToV2)
			s.mustGet("services", "echo") // Pruning deletes what was applied, and nothing of Aviary's.
			s.mustGet("upstreams", "echo")
		})
	}
}

// checkOut applies the folder of a revision and waits for its traffic.
func (s *story) checkOut(c revision, prune []string) {
	s.Helper()
	dir := s.TempDir()
	var there []string
	for name, annotations := range map[string]string{"v1": c.v1, "v2": c.v2} {
		if annotations == "-" {
			continue
		}
		there = append(there, "echo-"+name)
		const head = "  annotations:\n    aviary"
		text := replace(v(name, strings.Fields(annotations)...).String(), head, "  labels: {team: birds}\n"+head)
		s.must(os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o600))
	}
	args := append([]string{"--namespace=" + s.namespace, "apply", "-f", dir}, prune...)
	cmd := exec.CommandContext(s.Context(), s.KubectlPath(), args...)
	cmd.Env = append(append(os.Environ(), s.KubectlEnv()...), "KUBECTL_APPLYSET=true")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("kubectl apply %v of %+v: %v\n%s", prune, c, err, out)
	}
	s.waitAvailable(there...)
	s.waitTraffic("echo", c.traffic)
	all, err := s.client("deployments").List(s.Context(), metav1.ListOptions{})
	if err != nil || len(all.Items) != len(there) {
		s.Fatalf("there must be the Deployments %v, are %d (%v)", there, len(all.Items), err)
	}
}
