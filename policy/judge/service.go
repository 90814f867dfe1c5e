package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// service judges a Service that backends or routes rest on; any other is none of the rules'
// business.
func (d *decision) service(ctx context.Context, s *fact.Service) ([]policy.Finding, error) {
	backends, err := d.backendsTaking(ctx, s.Ref)
	if err != nil {
		return nil, err
	}
	doc := d.document()
	if d.request.New == nil {
		users, err := d.serviceUsers(ctx, s, backends)
		if err != nil || len(users) == 0 {
			return nil, err
		}
		doc.Change = &input.Change{Users: &users}
	} else {
		if doc.Change, err = d.strands(ctx, append(identities(nil, backends), s.Identity())); err != nil {
			return nil, err
		}
		if doc.Unserved, err = d.unservedBy(ctx, s, backends, doc.Change != nil); err != nil {
			return nil, err
		}
		if len(backends) == 0 && len(doc.Unserved) == 0 && doc.Change == nil {
			return nil, nil
		}
		if doc.Service, err = d.describeService(ctx, s, backends); err != nil {
			return nil, err
		}
	}
	return d.engine.Evaluate(ctx, policy.SubjectService, doc)
}

// backendsTaking returns the backends that take the Service's endpoints, sorted. One that is being deleted holds no
// Service that goes, too.
func (d *decision) backendsTaking(ctx context.Context, ref route.Ref) ([]*fact.Backend, error) {
	list, err := d.after.BackendsOf(ctx, ref)
	list = slices.DeleteFunc(list, func(b *fact.Backend) bool { return b.Terminating && d.request.New == nil })
	slices.SortFunc(list, func(a, b *fact.Backend) int { return cmp.Compare(a.String(), b.String()) })
	return list, err
}

// serviceUsers finds the routes that rest on the Service, through a backend or by its name.
func (d *decision) serviceUsers(ctx context.Context, s *fact.Service, backends []*fact.Backend) ([]input.User, error) {
	var out []input.User
	for _, id := range append(identities(nil, backends), s.Identity()) {
		users, err := d.users(ctx, id, func(*route.Backend) bool { return true })
		if err != nil {
			return nil, err
		}
		out = append(out, users...)
	}
	return out, nil
}

func (d *decision) describeService(
	ctx context.Context, s *fact.Service, backends []*fact.Backend,
) (*input.ServiceObject, error) {
	out := &input.ServiceObject{Selector: s.Selector, Backends: make([]input.ServiceBackend, len(backends))}
	for i, b := range backends {
		other, err := d.otherValues(ctx, b, s.Selector)
		if err != nil {
			return nil, err
		}
		out.Backends[i] = input.ServiceBackend{
			Kind: b.Kind, Namespace: b.Namespace, Name: b.Name, SubsetKeys: b.SubsetKeys, OtherValues: other,
		}
	}
	return out, nil
}
