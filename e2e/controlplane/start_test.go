package controlplane_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aviary.dev/e2e/controlplane"
)

// TestStartFails expects an error with the reason, which is only in the log, and no files left
// behind.
func TestStartFails(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cluster")
	_, err := controlplane.Start(t.Context(), controlplane.Options{Dir: dir, APIServerArgs: []string{"--no-such-flag"}})
	if err == nil || !strings.Contains(err.Error(), "unknown flag: --no-such-flag") {
		t.Errorf("error must quote the log, got: %v", err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s must be gone, got %v", dir, err)
	}
}

// TestStartRefusesFilledFolder protects files that Stop would remove.
func TestStartRefusesFilledFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := controlplane.Start(t.Context(), controlplane.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "thesis.txt") {
		t.Errorf("error must name what is in the folder, got: %v", err)
	}
}

// TestDetached opens a detached control plane by its folder, and then uses it as an existing
// cluster.
func TestDetached(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cluster")
	options := controlplane.Options{Dir: dir, Detach: true, Progress: os.Stderr}
	if _, err := controlplane.Start(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	cp, err := controlplane.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	if !cp.Alive() {
		t.Fatal("it must run")
	}
	testUsers(t, cp)

	existing, err := controlplane.Start(t.Context(), controlplane.Options{Kubeconfig: cp.Kubeconfig})
	if err != nil {
		t.Fatal(err)
	}
	user, err := existing.User("joe", "developers")
	if err != nil {
		t.Fatal(err)
	}
	got := run(t, existing, "", "auth", "whoami", "--kubeconfig="+user)
	if !strings.Contains(got, "joe") || !strings.Contains(got, "developers") {
		t.Errorf("whoami = %s", got)
	}
	if err := existing.StopAPIServer(); err == nil {
		t.Error("an API server that was not started here must not be stopped")
	}
	if err := existing.Stop(); err != nil {
		t.Error(err)
	}
	if !cp.Alive() {
		t.Error("a cluster that existed before must go on running")
	}
}
