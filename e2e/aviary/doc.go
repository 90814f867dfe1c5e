// Package aviary builds Aviary from this repository and installs it on a control plane of package
// controlplane.
//
//	instance, err := aviary.Install(ctx, cp, aviary.Options{})
//	if err != nil {
//		return err
//	}
//	stdout, stderr, err := cp.Kubectl(ctx, deployment, "apply", "-f", "-")
//
// It installs the real manifests, with three exceptions. Aviary is a process on this machine
// instead of a Deployment, but it runs as the ServiceAccount of the manifests and so with their
// RBAC. Its Service has no selector but a fixed address, on which that process listens. Its
// certificate is issued by a CA of this package, unless [Options.CertManager] is set.
package aviary
