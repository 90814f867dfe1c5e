package audit

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
)

// versions are the API versions of the kinds that are judged.
var versions = map[string]string{
	inventory.KindDeployment: "apps/v1", inventory.KindStatefulSet: "apps/v1", inventory.KindDaemonSet: "apps/v1",
	inventory.KindService: "v1", gloo.KindUpstream: gloo.GlooGroup.String(), gloo.KindUpstreamGroup: gloo.GlooGroup.String(),
	gloo.KindRouteTable: gloo.GatewayGroup.String(), gloo.KindVirtualService: gloo.GatewayGroup.String(),
}

// reference names the object, and a field of it, for an Event. Without field and resource version client-go takes what is
// told of an object for the same as what was told before, and its text is never written.
func reference(f inventory.Fact, field string) *corev1.ObjectReference {
	id := f.Identity()
	out := &corev1.ObjectReference{APIVersion: versions[id.Kind], Kind: id.Kind, Namespace: id.Namespace, Name: id.Name, UID: uid(f), FieldPath: field}
	switch f := f.(type) {
	case *inventory.Table:
		out.ResourceVersion = f.ResourceVersion
	case *inventory.Upstream:
		out.ResourceVersion = f.ResourceVersion
	case *inventory.Service:
		out.ResourceVersion = f.ResourceVersion
	}
	return out
}

func uid(f inventory.Fact) types.UID {
	switch f := f.(type) {
	case *inventory.Workload:
		return f.UID
	case *inventory.Table:
		return f.UID
	case *inventory.Upstream:
		return f.UID
	case *inventory.Service:
		return f.UID
	}
	return ""
}
