package stories

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// everyWay has each tool try all rollbacks, with names in both orders; else the tools share them.
var everyWay = flag.Bool("every-way", false,
	"try rollbacks to each step by each tool, with names in both orders; make rollbacks does")

// namesFor returns the names that the nth tool tries.
func namesFor(n int) [][2]string {
	if *everyWay {
		return namesOfVersions
	}
	at := n % len(namesOfVersions)
	return namesOfVersions[at : at+1]
}

// targetsFor returns the steps to which the nth tool rolls back. The first is one that no tool can do without.
func targetsFor(n int) []int {
	if *everyWay {
		return []int{1, 2, 3, 4, 5}
	}
	return [][]int{{1, 2, 5}, {1, 3, 4}}[n%2]
}

// TestRollBackHelm rolls releases out in six steps and rolls them back from the last one to the
// others, with Helm 3 and Helm 4.
func TestRollBackHelm(t *testing.T) {
	t.Parallel()
	for n, tool := range []string{"helm3", "helm4"} {
		for _, names := range namesFor(n) {
			t.Run(tool+" "+names[0], func(t *testing.T) {
				t.Parallel()
				s := begin(t, "roll-back-"+tool+"-"+names[0])
				h := s.helm(tool)
				back := func(app string, _ phase) outcome {
					out := h.run("rollback", app, strings.TrimPrefix(app, "to-"))
					if app == first && tool == "helm4" { // Helm 3 only logs a refused DELETE.
						out.mustFail("[stranded-traffic]", s.endCommand(app, names[1]))
					}
					return out
				}
				s.rollBack(names, targetsFor(n), h.upgrade, back)
			})
		}
	}
}

// TestRollBackDropsPath rolls a release back to a primary that serves fewer paths, which is told and refuses nothing.
func TestRollBackDropsPath(t *testing.T) {
	t.Parallel()
	s := begin(t, "roll-back-drops-path")
	s.watchTraffic()
	h := s.helm("helm4")
	both := phase{map[string]string{"v1": "role=primary", "v2": "role=canary weight=100"}, "v1 0, v2 100"}
	for _, p := range []phase{
		{map[string]string{"v1": "role=primary"}, "v1 100"},
		both,
		{map[string]string{"v2": "role=primary paths=/echo,/new"}, "v2 100"},
	} {
		h.upgrade("echo", p).mustSucceed()
		s.waitPhase("echo", p)
	}
	s.waitTraffic("echo", "/echo: v2; /new: v2")
	s.step("back to the second revision, whose v1 knows nothing of /new")
	out := h.run("rollback", "echo", "2").mustSucceed()
	if want := "app echo would no longer serve /new"; !strings.Contains(out.stderr, want) {
		t.Errorf("Helm must tell that %s, says: %s", want, out.stderr)
	}
	s.mustPass(map[string]phase{"echo": both})
	s.waitTraffic("echo", canaryAll)
}

// TestRollBackFolders does the same with folders, as tools do that follow a repository: they apply
// what is there, and then delete what is not.
func TestRollBackFolders(t *testing.T) {
	t.Parallel()
	for _, names := range namesFor(0) {
		t.Run(names[0], func(t *testing.T) {
			t.Parallel()
			s := begin(t, "roll-back-folders-"+names[0])
			back := func(app string, p phase) outcome {
				out := s.applyFolder(app, p)
				if app == first {
					out.mustFail("[stranded-traffic]", s.endCommand(app, names[1]))
				}
				return out
			}
			s.rollBack(names, targetsFor(0), s.applyFolder, back)
		})
	}
}

// applyFolder applies the folder of a phase, which must succeed, and deletes the Deployments that
// it lacks. It returns how the last deletion went, if there was one.
func (s *story) applyFolder(app string, p phase) outcome {
	s.Helper()
	dir := s.TempDir()
	for name, annotations := range p.versions {
		text := slow(v(name, strings.Fields(annotations)...).of(app))
		s.must(os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o600))
	}
	out := s.kubectl("", "apply", "-f", dir).mustSucceed()
	names, _ := s.deployments(app)
	for _, name := range names {
		if !slices.Contains(p.deployments(app), name) {
			out = s.kubectl("", "delete", "deployment", name, "--wait=false")
		}
	}
	return out
}
