package webhook

import (
	"context"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Rights tells what users may do; see package access.
type Rights interface {
	May(ctx context.Context, user authenticationv1.UserInfo, what authorizationv1.ResourceAttributes) (bool, error)
}

// may returns how to ask for the rights of the requester, in the namespace of the request.
func (v *Validate) may(c *call) func(context.Context, string, schema.GroupKind) (bool, error) {
	return func(ctx context.Context, verb string, kind schema.GroupKind) (bool, error) {
		what := authorizationv1.ResourceAttributes{Namespace: c.Namespace, Verb: verb, Group: kind.Group}
		if known := c.judge.Kinds().Of(kind); known != nil {
			what.Resource = known.Resource
		}
		return v.Rights.May(ctx, c.UserInfo, what)
	}
}

// mayOverride reports whether the requester may turn the rule's denials into warnings.
func (v *Validate) mayOverride(ctx context.Context, c *call, rule string) (bool, error) {
	if v.Rights == nil {
		return false, nil
	}
	return v.Rights.May(ctx, c.UserInfo, authorizationv1.ResourceAttributes{
		Namespace: c.Namespace, Verb: "override", Group: "aviary.dev", Resource: "rules", Name: rule,
	})
}
