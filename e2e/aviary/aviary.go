package aviary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"aviary.dev/e2e/controlplane"
)

const (
	namespace      = "aviary-system"
	serviceAccount = "aviary"
	service        = "aviary"
	secret         = "aviary-tls"
)

// DefaultConfig refuses what breaks a rule, while the manifests' configuration only warns.
const DefaultConfig = `apiVersion: aviary.dev/v1alpha1
kind: Config
enforcement: deny
defaults:
  apiGroup: example
  canaryHeaders: {stage: canary}
  port: 80
gateOnReadiness: true
`

// addressVariable names the environment variable with this machine's address, as the API server of
// an existing cluster reaches it.
const addressVariable = "AVIARY_E2E_ADDRESS"

// Options say how to install Aviary. The zero value is fine.
type Options struct {
	// Config is the content of the configuration file; by default [DefaultConfig].
	Config string
	// CRDs is the folder of Gloo's CRDs; by default the stand-ins in manifests/crds.
	CRDs string
	// WithoutCRDs leaves out Gloo's CRDs, which [Instance.ApplyCRDs] can apply later.
	WithoutCRDs bool
	// Overlay is a folder with a kustomization to install instead of manifests/base.
	Overlay string
	// CertManager installs manifests/cert-manager instead of manifests/base, on a cluster where
	// cert-manager runs. Aviary then uses the certificate in cert-manager's Secret, also after a
	// renewal.
	CertManager bool
	// Args are more flags for Aviary.
	Args []string
	// Address is the number of the Service's address, see [controlplane.ControlPlane.ServiceIP]; by
	// default 10.
	Address int
	// Via, if set, turns Aviary's kubeconfig into one that reaches the API server by another way,
	// for example through a proxy of package lagging. It returns the path of the new kubeconfig.
	Via func(kubeconfig string) (string, error)
	// Balanced puts a load balancer at the Service's address, so that [Instance.Join] can add
	// replicas.
	Balanced bool
	// Binary is a binary to run instead of building one.
	Binary string
	// Progress receives messages about what takes long. It may be nil.
	Progress io.Writer
}

// Instance is an installed Aviary.
type Instance struct {
	// CA signed the certificate; nil with cert-manager.
	CA *controlplane.CA
	// Dir holds the configuration file and the certificate.
	Dir string
	// Address is the host and port where clients reach it: the process, or the balancer before it.
	Address string

	name       string // Of the process and of its log.
	listen     string // Where the process itself serves.
	balancer   *balancer
	cp         *controlplane.ControlPlane
	options    Options
	external   bool // The cluster existed before.
	host       string
	port       int
	health     string
	metrics    string
	binary     string
	kubeconfig string
	certs      certFolder
	stopCerts  context.CancelFunc
}

// Install installs Aviary on the control plane and waits until the API server gets answers from it.
// ctx limits the installation only; Aviary runs until [Instance.Stop], or until the control plane
// is stopped.
func Install(ctx context.Context, cp *controlplane.ControlPlane, options Options) (*Instance, error) {
	i := &Instance{cp: cp, options: options, name: processName}
	if err := i.install(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("install Aviary: %w", err), i.Stop())
	}
	return i, nil
}

func (i *Instance) install(ctx context.Context) (err error) {
	if i.binary = i.options.Binary; i.binary == "" {
		if i.binary, err = Build(ctx, i.options.Progress); err != nil {
			return err
		}
	}
	if err := i.chooseAddresses(); err != nil {
		return err
	}
	if i.Dir, err = os.MkdirTemp(i.cp.Dir, "aviary-"); err != nil {
		return err
	}
	i.certs = certFolder(filepath.Join(i.Dir, "tls"))
	if err := i.SetConfig(cmp.Or(i.options.Config, DefaultConfig)); err != nil {
		return err
	}
	if err := i.makeCertificate(); err != nil {
		return err
	}
	objects, err := i.render(ctx)
	if err != nil {
		return err
	}
	if !i.options.WithoutCRDs {
		if err := i.ApplyCRDs(ctx); err != nil {
			return err
		}
	}
	if err := i.apply(ctx, objects, false); err != nil {
		return err
	}
	if i.kubeconfig, err = i.cp.ServiceAccountKubeconfig(ctx, namespace, serviceAccount); err != nil {
		return err
	}
	if i.options.Via != nil {
		if i.kubeconfig, err = i.options.Via(i.kubeconfig); err != nil {
			return err
		}
	}
	if i.options.CertManager {
		if err := i.followSecret(ctx); err != nil {
			return err
		}
	}
	if i.options.Balanced {
		if err := i.balance(); err != nil {
			return err
		}
	}
	if err := i.Start(ctx); err != nil {
		return err
	}
	if err := i.apply(ctx, objects, true); err != nil {
		return err
	}
	return i.waitAnswer(ctx)
}

// chooseAddresses decides where Aviary listens. The API server reaches it through the Service,
// whose address is a loopback address. An existing cluster has no such addresses; its API server
// gets a URL.
func (i *Instance) chooseAddresses() error {
	const port, healthPort, metricsPort = 9443, 8081, 8080
	i.port = port
	defer func() { i.listen = i.Address }()
	if i.host = i.cp.ServiceIP(cmp.Or(i.options.Address, 10)); i.host != "" {
		i.health = net.JoinHostPort(i.host, strconv.Itoa(healthPort))
		i.metrics = net.JoinHostPort(i.host, strconv.Itoa(metricsPort))
		i.Address = net.JoinHostPort(i.host, strconv.Itoa(i.port))
		return nil
	}
	i.external = true
	i.host = cmp.Or(os.Getenv(addressVariable), "127.0.0.1")
	for _, address := range []*string{&i.Address, &i.health, &i.metrics} {
		listener, err := net.Listen("tcp", net.JoinHostPort(i.host, "0"))
		if err != nil {
			return fmt.Errorf("choose a port of %s, which the API server must be able to reach (%s): %w", i.host,
				addressVariable, err)
		}
		defer listener.Close() //nolint:errcheck // because it is only open so that no port is chosen twice.
		*address = listener.Addr().String()
		if address == &i.Address {
			i.port = listener.Addr().(*net.TCPAddr).Port
		}
	}
	return nil
}

// ConfigFile returns the path of the configuration file.
func (i *Instance) ConfigFile() string { return filepath.Join(i.Dir, "config.yaml") }

// SetConfig replaces the configuration file atomically. Aviary reloads it by itself, soon after.
func (i *Instance) SetConfig(yaml string) error {
	temp := i.ConfigFile() + ".new"
	if err := os.WriteFile(temp, []byte(yaml), 0o600); err != nil {
		return err
	}
	return os.Rename(temp, i.ConfigFile())
}
