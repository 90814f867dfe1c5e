package stories

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

// plane is a control plane with a simulated node and, once installed, an Aviary.
type plane struct {
	*controlplane.ControlPlane
	aviary  *aviary.Instance
	objects *dynamic.DynamicClient
	stop    context.CancelFunc
}

// startPlane starts a control plane with a simulated node, or uses an existing cluster.
func startPlane(ctx context.Context, options controlplane.Options) (*plane, error) {
	cp, err := controlplane.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	p := &plane{ControlPlane: cp, stop: stop}
	config := cp.Config()
	config.WarningHandler = rest.NoWarnings{} // Stories read those that kubectl gets.
	if p.objects, err = dynamic.NewForConfig(config); err == nil && !options.WithoutControllers {
		err = p.ensureNode(running)
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// ensureNode simulates a node if the cluster has none.
func (p *plane) ensureNode(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(p.Config())
	if err != nil {
		return err
	}
	list, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil || len(list.Items) > 0 {
		return err
	}
	return nodes.Simulate(ctx, p.Config())
}

// close stops everything and returns the exit code. A data race that Aviary's log reports is a
// failure, even if all tests passed.
func (p *plane) close() (code int) {
	raced := p.aviary != nil && strings.Contains(p.aviary.Logs(), "WARNING: DATA RACE")
	if raced {
		_, report, _ := strings.Cut(p.aviary.Logs(), "WARNING: DATA RACE")
		fmt.Fprintln(os.Stderr, "Aviary has a data race:", report[:min(len(report), 4000)])
		code = 1
	}
	var err error
	if p.aviary != nil {
		err = p.aviary.Stop()
	}
	p.stop()
	if err := errors.Join(err, p.Stop()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}

// ownPlane starts a plane for one test, which may do to it what would disturb other stories.
func ownPlane(t *testing.T, options controlplane.Options) *plane {
	t.Helper()
	options.Progress = testWriter{t}
	p, err := startPlane(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.close() != 0 {
			t.Error("the control plane did not end well")
		}
	})
	return p
}

// install installs Aviary, also again after it was uninstalled.
func (p *plane) install(t *testing.T, options aviary.Options) {
	t.Helper()
	var err error
	options.Progress = testWriter{t}
	if p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, options); err != nil {
		t.Fatal(err)
	}
}
