package aviary

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"aviary.dev/e2e/controlplane"
)

const (
	namespace      = "aviary-system"
	serviceAccount = "aviary"
	service        = "aviary"
	secret         = "aviary-tls"
)

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
	granted    string // The kubeconfig that leads straight to the API server.
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

// install does the work of [Install].
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
	i.granted = i.kubeconfig
	if err := i.goVia(); err != nil {
		return err
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

// goVia has the process take the way to the API server that the options say.
func (i *Instance) goVia() (err error) {
	if i.options.Via != nil {
		i.kubeconfig, err = i.options.Via(i.granted)
	}
	return err
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
