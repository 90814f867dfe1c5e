package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

// startAttempts is how often a start is tried when another process takes one of its ports first.
const startAttempts = 3

// ControlPlane is a running control plane.
type ControlPlane struct {
	// Kubeconfig is the path of the administrator's kubeconfig.
	Kubeconfig string
	// Dir holds all files: configuration, data and log/*.log.
	Dir string
	// AuditLog is the path of the API server's audit log, one JSON object per line. It is empty for
	// an existing cluster.
	AuditLog string

	assets        string
	controllers   bool
	external      bool // Not started by this package.
	keep, detach  bool
	apiServerArgs []string
	etcdArgs      []string
	network       network
	ca            *CA
	config        *rest.Config

	mu        sync.Mutex
	processes []Process // In the order in which they were started.
	closers   []io.Closer
}

// Start starts a control plane and waits until it is ready: until its API server answers, and Pods
// can be created in the namespace default. ctx limits the start only; the control plane runs until
// [ControlPlane.Stop].
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	cp := &ControlPlane{
		keep:          options.Keep,
		detach:        options.Detach,
		apiServerArgs: options.APIServerArgs,
		etcdArgs:      options.EtcdArgs,
		external:      options.Kubeconfig != "",
	}
	if err := cp.findAssets(ctx, options.Progress); err != nil {
		return nil, err
	}
	cp.controllers = !options.WithoutControllers && hasAsset(cp.assets, controllerManager)
	if err := cp.makeDir(options.Dir); err != nil {
		return nil, err
	}
	start := cp.start
	if cp.external {
		start = func(context.Context) error { return cp.use(options.Kubeconfig) }
	}
	err := start(ctx)
	for attempt := 1; attempt < startAttempts && portTaken(err); attempt++ {
		if err := errors.Join(cp.stopProcesses(), removeContent(cp.Dir)); err != nil {
			return nil, err
		}
		err = start(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start control plane: %w", err), cp.Stop())
	}
	return cp, nil
}

// start starts the components in a new network.
func (cp *ControlPlane) start(ctx context.Context) error {
	net, reservation, err := reserveNetwork()
	if err != nil {
		return err
	}
	defer reservation.Close() //nolint:errcheck // because etcd has its own copy by then.
	cp.network = net
	cp.Kubeconfig, cp.AuditLog = cp.path("admin.kubeconfig"), cp.path("log", "audit.log")
	if err := cp.writeConfiguration(); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	if err := cp.loadConfig(); err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(cp.path("log"), 0o700), cp.startEtcd(reservation)); err != nil {
		return err
	}
	if err := cp.StartAPIServer(ctx); err != nil {
		return err
	}
	if !cp.controllers {
		return nil
	}
	if err := cp.startControllerManager(); err != nil {
		return err
	}
	return cp.waitServiceAccount(ctx)
}

// use connects to an existing cluster.
func (cp *ControlPlane) use(kubeconfig string) (err error) {
	if cp.Kubeconfig, err = filepath.Abs(kubeconfig); err != nil {
		return err
	}
	if err := cp.loadConfig(); err != nil {
		return err
	}
	cp.mu.Lock()
	defer cp.mu.Unlock()
	return cp.save()
}

// findAssets finds the programs. For an existing cluster only kubectl is needed, and the one on the
// PATH will do.
func (cp *ControlPlane) findAssets(ctx context.Context, progress io.Writer) (err error) {
	if cp.external && os.Getenv(assetsVariable) == "" {
		if path, err := exec.LookPath(kubectl); err == nil {
			cp.assets = filepath.Dir(path)
			return nil
		}
	}
	cp.assets, err = Assets(ctx, progress)
	return err
}

// Config returns a new client configuration for the administrator, without a limit on requests.
func (cp *ControlPlane) Config() *rest.Config { return rest.CopyConfig(cp.config) }

// loadConfig reads the client configuration from the kubeconfig.
func (cp *ControlPlane) loadConfig() error {
	config, err := clientcmd.BuildConfigFromFlags("", cp.Kubeconfig)
	if err != nil {
		return fmt.Errorf("load kubeconfig: %w", err)
	}
	config.QPS = -1
	cp.config = config
	return nil
}

// ServiceIP returns the n-th address, from 1 to 254, for a Service with a fixed clusterIP. The API
// server reaches a process that listens on this address and on the Service's port by the Service's
// name. It returns "" for an existing cluster.
func (cp *ControlPlane) ServiceIP(n int) string {
	if cp.external {
		return ""
	}
	return cp.network.serviceIP(n)
}

// errExternal returns the error for what can't be done with an existing cluster.
func errExternal(what string) error {
	return fmt.Errorf("%s: the cluster was not started by this test", what)
}
