package controlplane_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

// TestControlPlane starts two control planes at the same time and does the same with both, because
// parallel tests must not disturb each other.
func TestControlPlane(t *testing.T) {
	t.Parallel()
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			cp := startControlPlane(t)
			for name, test := range map[string]func(*testing.T, *controlplane.ControlPlane){
				"ready":              testReady,
				"deployment":         testDeployment,
				"webhook":            testWebhook,
				"namespace deletion": testNamespaceDeletion,
				"garbage collection": testGarbageCollection,
				"users":              testUsers,
			} {
				t.Run(name, func(t *testing.T) { test(t, cp) })
			}
			t.Run("restart", func(t *testing.T) { testRestart(t, cp) })
			t.Run("stop", func(t *testing.T) { testStop(t, cp) })
		})
	}
}

// startControlPlane starts a control plane with a simulated node for one test.
func startControlPlane(t *testing.T) *controlplane.ControlPlane {
	t.Helper()
	began := time.Now()
	cp, err := controlplane.Start(t.Context(), controlplane.Options{Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("ready after %s", time.Since(began).Round(10*time.Millisecond))
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // because it must end before Stop.
	t.Cleanup(func() {
		cancel()
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := nodes.Simulate(ctx, cp.Config()); err != nil {
		t.Fatal(err)
	}
	return cp
}

func testReady(t *testing.T, cp *controlplane.ControlPlane) {
	if got := run(t, cp, "", "get", "--raw", "/readyz"); got != "ok" {
		t.Errorf("/readyz = %q, want ok", got)
	}
	if got := run(t, cp, "", "version"); strings.Count(got, "v1.37.2") != 2 {
		t.Errorf("kubectl and server must both be v1.37.2, got:\n%s", got)
	}
	audit, err := os.ReadFile(cp.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(audit), `"requestURI":"/readyz"`) ||
		strings.Contains(string(audit), `"RequestReceived"`) {
		t.Errorf("audit log must hold the request once, when it is complete")
	}
}

func testUsers(t *testing.T, cp *controlplane.ControlPlane) {
	user, err := cp.User("jane", "developers")
	if err != nil {
		t.Fatal(err)
	}
	account, err := cp.ServiceAccountKubeconfig(t.Context(), "default", "default")
	if err != nil {
		t.Fatal(err)
	}
	run(t, cp, "", "create", "clusterrolebinding", "developers", "--clusterrole=view", "--group=developers")
	run(t, cp, "", "get", "configmaps", "--kubeconfig="+user)
	if _, _, err := cp.Kubectl(t.Context(), "", "get", "secrets", "--kubeconfig="+user); err == nil {
		t.Error("a viewer must not read secrets")
	}
	got := run(t, cp, "", "auth", "whoami", "--kubeconfig="+account)
	if !strings.Contains(got, "system:serviceaccount:default:default") {
		t.Errorf("whoami = %s", got)
	}
}

func testRestart(t *testing.T, cp *controlplane.ControlPlane) {
	if err := cp.StopAPIServer(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := cp.Kubectl(t.Context(), "", "get", "--raw", "/readyz"); err == nil {
		t.Error("the API server must be down")
	}
	if err := cp.StartAPIServer(t.Context()); err != nil {
		t.Fatal(err)
	}
	testReady(t, cp)
}

func testStop(t *testing.T, cp *controlplane.ControlPlane) {
	processes := cp.Processes()
	if len(processes) != 3 {
		t.Fatalf("want 3 processes, got %v", processes)
	}
	began := time.Now()
	if err := cp.Stop(); err != nil {
		t.Fatal(err)
	}
	t.Logf("stopped after %s", time.Since(began).Round(10*time.Millisecond))
	for _, p := range processes {
		if p.Alive() {
			t.Errorf("%s must not be alive", p.Name)
		}
	}
	if _, err := os.Stat(cp.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s must be gone, got %v", cp.Dir, err)
	}
}

// run runs kubectl, which must succeed, and returns its output.
func run(t *testing.T, cp *controlplane.ControlPlane, stdin string, args ...string) string {
	t.Helper()
	stdout, _, err := cp.Kubectl(t.Context(), stdin, args...)
	if err != nil {
		t.Fatal(err)
	}
	return stdout
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true,
		func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		t.Fatalf("wait for %s: %v", what, err)
	}
}
