package controlplane

import "io"

// Options say how to start a control plane. The zero value is fine.
type Options struct {
	// Dir is the folder of all files. It must be empty or not exist. By default it is a new
	// temporary folder.
	Dir string
	// Keep makes Stop leave Dir.
	Keep bool
	// Detach lets the processes outlive this one. Otherwise they die with it.
	Detach bool
	// Kubeconfig is the kubeconfig of an existing cluster, to be used instead of a new one.
	Kubeconfig string
	// WithoutControllers leaves out the controller manager, so that objects stay as they are
	// written.
	WithoutControllers bool
	// APIServerArgs are more flags for kube-apiserver.
	APIServerArgs []string
	// EtcdArgs are more flags for etcd.
	EtcdArgs []string
	// Progress receives messages about what takes long. It may be nil.
	Progress io.Writer
}
