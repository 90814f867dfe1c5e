package judge

import (
	"context"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// upstream judges an Upstream: what it says, and what the request does to the routes that use it.
func (j *Judge) upstream(ctx context.Context, r Request, u *inventory.Upstream, before, after inventory.Reader) ([]policy.Finding, error) {
	if r.New != nil && u.Terminating {
		return nil, nil
	}
	doc := j.head(r)
	if r.New != nil {
		if err := j.describeUpstream(ctx, doc, u, after); err != nil {
			return nil, err
		}
		j.enums(doc, u.Unparsable)
	}
	if r.Operation != Audit {
		users, err := broken(ctx, u.Ref, before, after)
		if err != nil {
			return nil, err
		}
		change := j.build.Object()
		change.Array("users", j.userTerms(users))
		doc.Term("change", change.Done())
	}
	return j.engine.Evaluate(ctx, policy.SubjectUpstream, doc.Done().Value)
}

// broken finds the routes that the request takes something from: the Upstream itself, or the set of keys by which they
// pick endpoints. For a new Upstream these are the ones that wait for it and name a set that it hasn't.
func broken(ctx context.Context, ref route.Ref, before, after inventory.Reader) ([]user, error) {
	was, err := before.Upstream(ctx, ref)
	if err != nil {
		return nil, err
	}
	is, err := after.Upstream(ctx, ref)
	if err != nil {
		return nil, err
	}
	tables, err := after.TablesTo(ctx, ref)
	if err != nil {
		return nil, err
	}
	return usersIn(ctx, after, tables, func(d route.Destination) bool {
		if d.Upstream != ref {
			return false
		}
		return is == nil || holds(was, d) && !holds(is, d)
	})
}

// holds reports whether the Upstream has what the destination names. What is not there is not judged, so it holds.
func holds(u *inventory.Upstream, d route.Destination) bool {
	if u == nil {
		return true
	}
	declared := declares(u, d.Subset)
	return declared == nil || *declared
}

func (j *Judge) describeUpstream(ctx context.Context, doc *policy.Object, u *inventory.Upstream, facts inventory.Reader) error {
	out := j.build.Object()
	out.Bool("kube", u.Kube)
	if u.Kube {
		out.Labels("selector", u.Selector)
		out.Array("subsetKeys", j.keySets(u.SubsetKeys))
		s, err := facts.Service(ctx, u.Service)
		if err != nil {
			return err
		}
		service := j.build.Object()
		service.String("namespace", u.Service.Namespace)
		service.String("name", u.Service.Name)
		if s != nil {
			service.Labels("selector", s.Selector)
		}
		out.Term("service", service.Done())
	}
	doc.Term("upstream", out.Done())
	return nil
}
