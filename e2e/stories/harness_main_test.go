package stories

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

// kubeconfigVariable names the environment variable with the kubeconfig of an existing cluster,
// which is then used instead of a new control plane.
const kubeconfigVariable = "AVIARY_E2E_KUBECONFIG"

// plane is a control plane with a simulated node and, once installed, an Aviary.
type plane struct {
	*controlplane.ControlPlane
	aviary  *aviary.Instance
	objects *dynamic.DynamicClient
	stop    context.CancelFunc
}

// shared is the plane of all stories that don't start one of their own.
var shared *plane

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

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
	shared, err = startPlane(ctx, os.Getenv(kubeconfigVariable))
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
	return m.Run()
}

// startPlane starts a control plane with a simulated node, or uses the cluster of a kubeconfig.
func startPlane(ctx context.Context, kubeconfig string) (*plane, error) {
	return startPlaneWith(ctx, controlplane.Options{Kubeconfig: kubeconfig, Progress: os.Stderr})
}

func startPlaneWith(ctx context.Context, options controlplane.Options) (*plane, error) {
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
