package stories

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// commit is a state of an app's folder, and where traffic goes with it.
type commit struct {
	v1, v2 string // Their annotations; "-" where there is no such file.
	flows  string
}

var history = []commit{
	{"role=primary", "-", allToV1},
	{"role=primary", "role=standby", allToV1},
	{"role=primary", "role=canary", headerV2},
	{"role=primary", "role=canary weight=50", halfToV2},
	{"role=primary", "role=canary weight=100", canaryAll},
	{"role=primary", "role=primary", allToV2},
	{"-", "role=primary", allToV2},
}

// TestRevert rolls an app's folder forward commit by commit, reverts them one by
// one and rolls it forward again, to the end, with kubectl's two ways to prune.
func TestRevert(t *testing.T) {
	t.Parallel()
	for name, prune := range map[string][]string{
		"selector":  {"--prune", "-l", "team=birds"},
		"apply-set": {"--prune", "--applyset=birds"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "revert-"+name)
			last := len(history) - 1
			for at := range last {
				s.checkOut(history[at], prune)
			}
			s.step("git revert, as often as there is something to revert")
			for at := last - 2; at >= 0; at-- {
				s.checkOut(history[at], prune)
			}
			s.gone("deployments", "echo-v2")
			s.step("and all of it again, until v1 is gone")
			for at := range history {
				s.checkOut(history[at], prune)
			}
			s.gone("deployments", "echo-v1")
			s.flows("echo", allToV2)
			s.mustGet("services", "echo") // Pruning takes what was applied, and nothing of Aviary's.
			s.mustGet("upstreams", "echo")
		})
	}
}

// checkOut applies the folder as it is in a commit and waits for what follows.
func (s *story) checkOut(c commit, prune []string) {
	s.Helper()
	dir := s.TempDir()
	var there []string
	for name, annotations := range map[string]string{"v1": c.v1, "v2": c.v2} {
		if annotations == "-" {
			continue
		}
		there = append(there, "echo-"+name)
		text := with(v(name, strings.Fields(annotations)...).String(), "  annotations:\n    aviary", "  labels: {team: birds}\n  annotations:\n    aviary")
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o600); err != nil {
			s.Fatal(err)
		}
	}
	args := append([]string{"--namespace=" + s.namespace, "apply", "-f", dir}, prune...)
	cmd := exec.CommandContext(s.Context(), s.KubectlPath(), args...)
	cmd.Env = append(append(os.Environ(), s.KubectlEnv()...), "KUBECTL_APPLYSET=true")
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("kubectl apply %v of %+v: %v\n%s", prune, c, err, out)
	}
	s.available(there...)
	s.flows("echo", c.flows)
	all, err := s.objects.Resource(gvr("deployments")).Namespace(s.namespace).List(s.Context(), metav1.ListOptions{})
	if err != nil || len(all.Items) != len(there) {
		s.Fatalf("there must be the Deployments %v, are %d (%v)", there, len(all.Items), err)
	}
}
