package stories

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"strings"

	"aviary.dev/e2e/aviary"
)

// cli is the kubectl-canary binary as a user runs it.
type cli struct {
	*story
	path       string
	env, flags []string
}

// cliRun is the result of one run.
type cliRun struct {
	code           int
	stdout, stderr string
	// found are the findings of mode deny, as "rule Kind name". Warnings are left out because they
	// depend on the objects of other stories.
	found []string
}

// cli builds kubectl-canary for the story's control plane.
func (s *story) cli() cli {
	s.Helper()
	path, err := aviary.BuildProgram(s.Context(), "kubectl-canary", testWriter{s.T})
	s.must(err)
	p := cli{s, path, []string{"HOME=" + s.TempDir(), "KUBECONFIG=" + s.Kubeconfig}, nil}
	if s.aviary != nil {
		p.flags = []string{"--config=" + s.aviary.ConfigFile()}
	}
	return p
}

// command returns an audit command that prints JSON.
func (p cli) command(ctx context.Context, args ...string) *exec.Cmd {
	args = slices.Concat([]string{"audit", "-o", "json"}, p.flags, args)
	cmd := exec.CommandContext(ctx, p.path, args...) //nolint:gosec // because it is the binary under test.
	cmd.Env = p.env
	return cmd
}

// audit runs an audit and reads its findings.
func (p cli) audit(args ...string) (r cliRun) {
	p.Helper()
	cmd := p.command(p.Context(), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		r.code = exit.ExitCode()
	} else if err != nil {
		p.Fatal(err)
	}
	r.stdout, r.stderr = stdout.String(), stderr.String()
	var report struct {
		Findings []struct{ Rule, Mode, Kind, Namespace, Name string }
	}
	if r.code < 2 && json.Unmarshal(stdout.Bytes(), &report) != nil {
		p.Errorf("audit %v prints no JSON:\n%s%s", args, &stdout, &stderr)
	}
	for _, f := range report.Findings {
		if f.Namespace == p.namespace && f.Mode == "deny" {
			r.found = append(r.found, f.Rule+" "+f.Kind+" "+f.Name)
		}
	}
	return r
}

// mustSay checks the exit code, that stderr contains the parts, and that an error is one to three
// lines without Go's internals.
func (p cli) mustSay(what string, r cliRun, code int, parts ...string) {
	p.Helper()
	if r.code != code {
		p.Errorf("%s: exit code %d, must be %d\n%s%s", what, r.code, code, r.stdout, r.stderr)
	}
	for _, part := range parts {
		if !strings.Contains(r.stderr, part) {
			p.Errorf("%s: stderr must say %q, says\n%s", what, part, r.stderr)
		}
	}
	for _, bad := range []string{"goroutine", "panic", "nil", "0x", "*errors", "main.go"} {
		if strings.Contains(r.stderr, bad) {
			p.Errorf("%s: stderr has %q in it:\n%s", what, bad, r.stderr)
		}
	}
	if lines := strings.Count(r.stderr, "\n"); code == 2 && (lines < 1 || lines > 3) {
		p.Errorf("%s: it says %d lines, must be one to three:\n%s", what, lines, r.stderr)
	}
	p.Logf("%s: exit code %d: %s", what, r.code, strings.TrimSpace(r.stderr))
}

// withKubeconfig returns the command with another kubeconfig.
func (p cli) withKubeconfig(kubeconfig string) cli {
	p.env = []string{"HOME=" + p.TempDir(), "KUBECONFIG=" + kubeconfig}
	return p
}
