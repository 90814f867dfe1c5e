// Package aviary installs Aviary, as built from this tree, on a control plane
// of package controlplane.
//
//	instance, err := aviary.Install(ctx, cp, aviary.Options{})
//	if err != nil {
//		return err
//	}
//	stdout, stderr, err := cp.Kubectl(ctx, deployment, "apply", "-f", "-")
//
// What is installed are the real manifests, with three exceptions. Aviary is a
// process on this machine instead of a Deployment, but it runs as the
// ServiceAccount of the manifests and so with their RBAC. Its Service has no
// selector but a fixed address on which that process listens. And unless
// cert-manager is there, its certificate is signed by a CA of the kit's own.
package aviary
