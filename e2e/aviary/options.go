package aviary

import "io"

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
	// Args are more flags for Aviary, Env more of its environment, "GOMEMLIMIT=440MiB".
	Args []string
	Env  []string
	// Address is the number of the Service's address, see [controlplane.ControlPlane.ServiceIP]; by
	// default 10.
	Address int
	// Via, if set, turns Aviary's kubeconfig into one that reaches the API server by another way,
	// for example through a proxy of package lagging. It returns the path of the new kubeconfig. It
	// is called for each replica.
	Via func(kubeconfig string) (string, error)
	// Balanced puts a load balancer at the Service's address, so that [Instance.Join] can add
	// replicas.
	Balanced bool
	// Binary is a binary to run instead of building one.
	Binary string
	// Progress receives messages about what takes long. It may be nil.
	Progress io.Writer
}
