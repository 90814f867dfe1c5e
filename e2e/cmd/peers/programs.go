package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"aviary.dev/e2e/aviary"
)

// policies are the weights rule in the languages of conftest and gator.
//
//go:embed policies
var policies embed.FS

// The names of the three runs of Aviary.
const (
	noRule    = "aviary, no rule"
	oneRule   = "aviary, weights-sum"
	everyRule = "aviary, every rule"
)

// fixed are the rules that no configuration turns off. They are about annotated Deployments, of
// which there are none here.
var fixed = []string{"may-expand", "sibling-collision"}

// program is a command that validates a folder.
type program struct {
	name, binary string
	args         []string // the folder comes last
	// count returns the number of findings in its output.
	count func([]byte) (int, error)
	err   error // why there is none
}

// programs builds kubectl-canary and its peers, and writes the policies into a folder. A peer that
// can't be built gets an error, and is left out.
func programs(ctx context.Context, folder string) ([]program, error) {
	root, err := aviary.Root()
	if err != nil {
		return nil, err
	}
	if err := os.CopyFS(folder, policies); err != nil {
		return nil, err
	}
	ours := filepath.Join(folder, "kubectl-canary")
	if err := build(ctx, root, ours, "./cmd/kubectl-canary"); err != nil {
		return nil, err
	}
	none, err := writeConfig(ctx, ours, folder, "none.yaml", "")
	if err != nil {
		return nil, err
	}
	one, err := writeConfig(ctx, ours, folder, "one.yaml", "weights-sum")
	if err != nil {
		return nil, err
	}
	audit := []string{"audit", "-R", "-o", "json"}
	out := []program{
		{name: noRule, binary: ours, args: append(slices.Clip(audit), "--config="+none, "-f"), count: countAviary},
		{name: oneRule, binary: ours, args: append(slices.Clip(audit), "--config="+one, "-f"), count: countAviary},
		{name: everyRule, binary: ours, args: append(slices.Clip(audit), "-f"), count: countAviary},
	}
	weights := filepath.Join(folder, "policies")
	for _, peer := range []program{
		{
			name: "conftest", binary: "github.com/open-policy-agent/conftest", count: countConftest,
			args: []string{"test", "--output=json", "--policy=" + filepath.Join(weights, "conftest")},
		},
		{
			name: "gator", binary: "github.com/open-policy-agent/gatekeeper/v3/cmd/gator", count: countGator,
			args: []string{"test", "--output=json", "--filename=" + filepath.Join(weights, "gator"), "--filename"},
		},
	} {
		path := filepath.Join(folder, peer.name)
		modfile := "-modfile=" + filepath.Join(root, "tools", peer.name, "go.mod")
		if peer.err = build(ctx, root, path, modfile, peer.binary); peer.err == nil {
			peer.name += " " + version(path)
		}
		peer.binary = path
		out = append(out, peer)
	}
	return out, nil
}

// build runs go build in the repository's root, and reports a build that takes long.
func build(ctx context.Context, root, path string, args ...string) error {
	what := filepath.Base(path)
	cmd := exec.CommandContext(ctx, "go", append([]string{"build", "-buildvcs=false", "-o", path}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	slow := time.AfterFunc(3*time.Second, func() { fmt.Printf("building %s …\n", what) })
	defer slow.Stop()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", what, err, bytes.TrimSpace(out))
	}
	return nil
}

// version returns the version of a binary's main module.
func version(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return ""
	}
	return info.Main.Version
}

// writeConfig writes a configuration with one rule on, or with none but the fixed ones.
func writeConfig(ctx context.Context, ours, folder, name, on string) (string, error) {
	text, err := exec.CommandContext(ctx, ours, "rules", "-o", "json").Output()
	if err != nil {
		return "", fmt.Errorf("list the rules: %w", err)
	}
	var rules []struct{ ID string }
	if err := json.Unmarshal(text, &rules); err != nil {
		return "", fmt.Errorf("list the rules: %w", err)
	}
	var config strings.Builder
	fmt.Fprint(&config, "apiVersion: aviary.dev/v1alpha1\nkind: Config\nrules:\n")
	for _, r := range rules {
		if r.ID != on && r.ID != fixed[0] && r.ID != fixed[1] {
			fmt.Fprintf(&config, "  %s: {mode: \"off\"}\n", r.ID)
		}
	}
	path := filepath.Join(folder, name)
	return path, os.WriteFile(path, []byte(config.String()), 0o600)
}
