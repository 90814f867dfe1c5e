package stories

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestMessages compares what people see of a refusal with testdata/messages: with each way of using
// kubectl, and in a program that prints client-go's error.
func TestMessages(t *testing.T) {
	t.Parallel()
	s := begin(t, "messages")
	s.exposeTables()
	s.rolloutTo("weight=50")
	s.apply(s.table("by-hand", destination{"v1", 60}, destination{"v2", 40})).mustSucceed()
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		s.must(os.MkdirAll(filepath.Dir(path), 0o700))
		s.must(os.WriteFile(path, []byte(text), 0o600))
	}
	write("table.yaml", s.table("by-hand", destination{"v1", 60}, destination{"v2", 30}))
	write("new-table.yaml", s.table("new", destination{"v1", 60}, destination{"v9", 30}))
	write("deployment.yaml", v("v3", "role=canray", "weight=ten", "colour=blue").String())
	write("folder/a.yaml", s.table("a", destination{"v1", 60}, destination{"v2", 30}))
	write("folder/b.yaml", v("v3", "role=canary", "weight=60").String())

	for name, args := range map[string][]string{
		"create-table":      {"create", "-f", "table.yaml"},
		"create-new-table":  {"create", "-f", "new-table.yaml"},
		"create-deployment": {"create", "-f", "deployment.yaml"},
		"create-folder":     {"create", "-f", "folder"},
		"apply-table":       {"apply", "-f", "table.yaml"},
		"apply-server-side": {"apply", "--server-side", "-f", "table.yaml"},
		"apply-deployment":  {"apply", "-f", "deployment.yaml"},
		"apply-folder":      {"apply", "-f", "folder"},
		"scale":             {"scale", "deployment", "echo-v1", "--replicas=0"},
		"delete":            {"delete", "deployment", "echo-v1"},
		"promote":           {"annotate", "deployment", "echo-v2", "--overwrite", "aviary.dev/role=primary"},
	} {
		if name == "create-table" { // The object of table.yaml exists already.
			write("table-2.yaml", s.table("by-hand-2", destination{"v1", 60}, destination{"v2", 30}))
			args = []string{"create", "-f", "table-2.yaml"}
		}
		s.golden(name, s.shell(dir, nil, args...))
	}
	s.golden("edit", s.edit(dir))
	s.golden("client-go", s.clientGo())
}

// shell returns what a terminal shows when kubectl is run.
func (s *story) shell(dir string, env []string, args ...string) string {
	s.Helper()
	cmd := exec.CommandContext(s.Context(), s.KubectlPath(), append([]string{"--namespace=" + s.namespace}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), s.KubectlEnv()...), env...)
	out, err := cmd.CombinedOutput()
	if err == nil {
		s.Errorf("kubectl %s must be refused: %s", strings.Join(args, " "), out)
	}
	return fmt.Sprintf("$ kubectl %s\n%s", strings.Join(args, " "), out)
}

// edit lowers a weight with kubectl edit. After the refusal kubectl opens the editor again with the
// reason, and this editor leaves the file as it is.
func (s *story) edit(dir string) string {
	s.Helper()
	editor, seen := filepath.Join(dir, "editor.sh"), filepath.Join(dir, "seen.yaml")
	script := fmt.Sprintf("#!/bin/sh\ncp \"$1\" %s\nsed -i 's/weight: 40/weight: 30/' \"$1\"\n", seen)
	if err := os.WriteFile(editor, []byte(script), 0o700); err != nil { //nolint:gosec // because it is a program.
		s.Fatal(err)
	}
	out := s.shell(dir, []string{"KUBE_EDITOR=" + editor}, "edit", "routetable", "by-hand")
	content, err := os.ReadFile(seen)
	s.must(err)
	out += "\n(the head of the file when the editor opens again)\n"
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "#") {
			out += line
		}
	}
	return regexp.MustCompile(`/\S*kubectl-edit-\d+\.yaml`).ReplaceAllString(out, "kubectl-edit-NNN.yaml")
}

// clientGo returns what a program with client-go sees.
func (s *story) clientGo() string {
	s.Helper()
	o := decode(s.T, s.table("by-program", destination{"v1", 60}, destination{"v9", 30}))[0]
	_, err := s.client("routetables").Create(s.Context(), o, metav1.CreateOptions{})
	if err == nil {
		s.Fatal("it must be refused")
	}
	out := fmt.Sprintf("err.Error(): %s\n", err)
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		st := status.Status()
		out += fmt.Sprintf("code: %d\nreason: %s\n", st.Code, st.Reason)
		if st.Details != nil {
			out += fmt.Sprintf("details: kind %s, group %s, name %s\n", st.Details.Kind, st.Details.Group,
				st.Details.Name)
			for _, c := range st.Details.Causes {
				out += fmt.Sprintf("cause:\n  reason: %s\n  field: %s\n  message: %s\n", c.Type, c.Field, c.Message)
			}
		}
	}
	return out
}
