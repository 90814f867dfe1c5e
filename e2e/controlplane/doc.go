// Package controlplane starts a real Kubernetes control plane on loopback
// addresses, without root, containers or a network: etcd, kube-apiserver and
// kube-controller-manager, each a process of its own.
//
//	cp, err := controlplane.Start(ctx, controlplane.Options{Progress: os.Stderr})
//	if err != nil {
//		return err
//	}
//	defer cp.Stop()
//	stdout, stderr, err := cp.Kubectl(ctx, manifest, "apply", "-f", "-")
//
// Unlike controller-runtime's envtest it runs the controllers too, so
// Deployments, namespace deletion, garbage collection and ServiceAccounts work.
// There are no nodes: package nodes plays one, so that Pods become ready.
//
// Every control plane owns one 127.N.0.0/16 network. Its servers listen on the
// first address, and Services get their cluster IP from the same network. As
// all of 127.0.0.0/8 is local on Linux, a process that listens on a Service's
// cluster IP is reached by the API server as if it were that Service, which is
// how a webhook under test is called (see [ControlPlane.ServiceIP]).
//
// It runs on Linux only.
package controlplane
