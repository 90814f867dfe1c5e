package stories

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// kubeconfigVariable names the environment variable with the kubeconfig of an existing cluster,
// which is then used instead of a new control plane.
const kubeconfigVariable = "AVIARY_E2E_KUBECONFIG"

// shared is the plane of all stories that don't start one of their own.
var shared *plane

// TestMain starts the shared control plane, whichever tests are run.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

// run returns the exit code.
func run(m *testing.M) (code int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	began := time.Now()
	building := make(chan error, 1)
	go func() { // It takes about as long as the control plane.
		_, err := aviary.Build(ctx, os.Stderr)
		building <- err
	}()
	var err error
	shared, err = startPlane(ctx, controlplane.Options{Kubeconfig: os.Getenv(kubeconfigVariable), Progress: os.Stderr})
	if err == nil {
		defer func() { code = max(code, shared.close()) }()
		err = <-building
	}
	if err == nil {
		shared.aviary, err = aviary.Install(ctx, shared.ControlPlane, aviary.Options{Progress: os.Stderr})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bring up the stories' control plane:", err)
		return 1
	}
	fmt.Fprintf(os.Stderr, "control plane with Aviary is up after %s\n", time.Since(began).Round(time.Millisecond))
	code = m.Run()
	if n := undecided.Load(); n > 0 {
		fmt.Fprintf(os.Stderr, "Aviary had no time to decide, and was asked again: %d times, at most %d may be\n",
			n, mostUndecided)
		if n > mostUndecided {
			code = max(code, 1)
		}
	}
	return code
}
