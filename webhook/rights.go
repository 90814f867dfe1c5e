package webhook

import (
	"context"

	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
)

// resources are the plural names of the kinds that an author's rights are asked for.
var resources = map[string]string{
	inventory.KindService: "services", gloo.KindUpstream: "upstreams", gloo.KindRouteTable: "routetables",
}

// may asks for the author of the request, in its namespace.
func (v *Validate) may(req *admission.Request) func(context.Context, string, schema.GroupKind) (bool, error) {
	return func(ctx context.Context, verb string, kind schema.GroupKind) (bool, error) {
		return v.Rights.May(ctx, req.UserInfo, authorizationv1.ResourceAttributes{
			Namespace: req.Namespace, Verb: verb, Group: kind.Group, Resource: resources[kind.Kind],
		})
	}
}

func types(c *call) client.ObjectKey { return client.ObjectKey{Namespace: c.Namespace, Name: c.Name} }
