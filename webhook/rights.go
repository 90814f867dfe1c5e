package webhook

import (
	"context"
	"fmt"

	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
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

// maxDestinations bounds what one routing object may ask of a decision. A table of that many is far beyond what people
// write, and near what etcd takes.
const maxDestinations = 2000

func tooLarge(r judge.Request) error {
	t, ok := r.New.(*inventory.Table)
	if !ok {
		return nil
	}
	n := 0
	for _, x := range t.Routes {
		n += max(1, len(x.Destinations))
	}
	if n > maxDestinations {
		return fmt.Errorf("%s %s has %d destinations, must have at most %d; split it", t.Kind, t.Ref, n, maxDestinations)
	}
	return nil
}

func types(c *call) client.ObjectKey { return client.ObjectKey{Namespace: c.Namespace, Name: c.Name} }
