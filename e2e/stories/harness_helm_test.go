package stories

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"aviary.dev/e2e/aviary"
)

// helm is a Helm as a user runs it, with testdata/chart.
type helm struct {
	*story
	path string
	env  []string
}

// helm builds a Helm, helm3 or helm4, for the story's namespace.
func (s *story) helm(tool string) helm {
	s.Helper()
	path, err := aviary.BuildTool(s.Context(), tool, testWriter{s.T})
	s.must(err)
	home := s.TempDir()
	env := append(os.Environ(), "KUBECONFIG="+s.Kubeconfig, "HOME="+home)
	for _, kind := range []string{"CACHE", "CONFIG", "DATA"} {
		env = append(env, fmt.Sprintf("HELM_%s_HOME=%s", kind, filepath.Join(home, strings.ToLower(kind))))
	}
	return helm{s, path, env}
}

// run runs Helm in the story's namespace.
func (h helm) run(args ...string) outcome {
	h.Helper()
	args = append([]string{"--namespace=" + h.namespace}, args...)
	cmd := exec.CommandContext(h.Context(), h.path, args...) //nolint:gosec // because it is a tool of the test.
	var stdout, stderr bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = h.env, &stdout, &stderr
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("helm %s: %w\n%s", strings.Join(args, " "), err, &stderr)
	}
	return outcome{h.story, args, stdout.String(), stderr.String(), err}
}

// upgrade installs or upgrades a release to a phase.
func (h helm) upgrade(release string, p phase) outcome {
	h.Helper()
	var b strings.Builder
	b.WriteString("versions:\n")
	for _, name := range slices.Sorted(maps.Keys(p.versions)) {
		fmt.Fprintf(&b, "  %s:\n", name)
		for annotation := range strings.FieldsSeq(p.versions[name]) {
			key, value, _ := strings.Cut(annotation, "=")
			fmt.Fprintf(&b, "    %s: %q\n", key, value)
		}
	}
	values := filepath.Join(h.TempDir(), "values.yaml")
	h.must(os.WriteFile(values, []byte(b.String()), 0o600))
	return h.run("upgrade", "--install", release, filepath.Join("testdata", "chart"), "--values", values)
}
