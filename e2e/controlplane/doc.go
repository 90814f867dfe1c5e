// Package controlplane starts a real Kubernetes control plane on loopback addresses, without root,
// containers or a network: etcd, kube-apiserver and kube-controller-manager, each as a process.
//
//	cp, err := controlplane.Start(ctx, controlplane.Options{Progress: os.Stderr})
//	if err != nil {
//		return err
//	}
//	defer cp.Stop()
//	stdout, stderr, err := cp.Kubectl(ctx, manifest, "apply", "-f", "-")
//
// Unlike controller-runtime's envtest it also runs the controllers, so Deployments, namespace
// deletion, garbage collection and ServiceAccounts work. There are no nodes; package nodes
// simulates one, so that Pods become ready.
//
// Every control plane has one 127.N.0.0/16 network. Its servers listen on the first address, and
// Services get their cluster IP from the same network. On Linux all of 127.0.0.0/8 is local, so a
// process can listen on a Service's cluster IP, and the API server reaches it as if it were that
// Service. This is how a webhook under test is called (see [ControlPlane.ServiceIP]).
//
// It runs on Linux only.
package controlplane
