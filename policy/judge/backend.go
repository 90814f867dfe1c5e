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

// backend judges a backend of the dialect's: what it says, and what the request does to the routes
// that use it.
func (d *decision) backend(ctx context.Context, b *fact.Backend) ([]policy.Finding, error) {
	doc := d.document()
	if d.request.New != nil {
		var err error
		if doc.Backend, err = d.describeBackend(ctx, b); err != nil {
			return nil, err
		}
		if doc.Change, err = d.strands(ctx, []route.ID{b.ID}); err != nil {
			return nil, err
		}
		if doc.Unserved, err = d.unservedBackend(ctx, b, doc.Change != nil); err != nil {
			return nil, err
		}
		if doc.Size, err = d.backendSize(ctx, b); err != nil {
			return nil, err
		}
		doc.Enums, doc.Choices = enums(b.Unparsable), choices(b.Choices)
		for i := range b.Faults {
			doc.Faults = append(doc.Faults, describeFault(&b.Faults[i], false))
		}
	}
	if d.request.Operation != Audit {
		users, err := d.broken(ctx, b.ID)
		if err != nil {
			return nil, err
		}
		doc.Change = cmp.Or(doc.Change, &input.Change{})
		doc.Change.Users = &users
	}
	if d.request.New == nil && b.Service.Name != "" {
		s, err := d.after.Service(ctx, b.Service)
		if err != nil {
			return nil, err
		}
		doc.Change.Idle = s == nil
	}
	return d.engine.Evaluate(ctx, policy.SubjectBackend, doc)
}

// broken finds the routes that the request takes something from: the backend itself, or the set of
// keys by which they pick endpoints. For a new backend these are the ones that wait for it and name
// a set that it hasn't.
func (d *decision) broken(ctx context.Context, id route.ID) ([]input.User, error) {
	before, err := d.before.Backend(ctx, id)
	if err != nil {
		return nil, err
	}
	after, err := d.after.Backend(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.users(ctx, id, func(to *route.Backend) bool {
		return after == nil || holds(before, to.Labels) && !holds(after, to.Labels)
	})
}

// holds reports whether the backend has what a destination names. What is not there is not judged,
// so it holds.
func holds(b *fact.Backend, labels map[string]string) bool {
	return b == nil || len(labels) == 0 || b.Declares(labels)
}

func (d *decision) describeBackend(ctx context.Context, b *fact.Backend) (_ *input.BackendObject, err error) {
	out := &input.BackendObject{Pods: b.Pods}
	if !b.Pods {
		return out, nil
	}
	keys := slices.Clone(b.SubsetKeys)
	out.Selector, out.SubsetKeys = b.Selector, &keys
	if out.OtherValues, err = d.otherValues(ctx, b, b.Selector); err != nil {
		return nil, err
	}
	if b.Service.Name == "" {
		return out, nil // it picks Pods itself
	}
	s, err := d.after.Service(ctx, b.Service)
	if err != nil {
		return nil, err
	}
	out.Service = &input.BackendService{Namespace: b.Service.Namespace, Name: b.Service.Name}
	if s != nil {
		out.Service.Selector = &s.Selector
		out.Service.OtherValues, err = d.otherValues(ctx, b, s.Selector)
	}
	return out, err
}
