package judge

import (
	"cmp"
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// service judges a Service that Upstreams or routes rest on; any other is none of the rules' business.
func (j *Judge) service(ctx context.Context, r Request, s *inventory.Service, after inventory.Reader) ([]policy.Finding, error) {
	if r.New != nil && s.Terminating {
		return nil, nil
	}
	upstreams, err := upstreamsTaking(ctx, s.Ref, after)
	if err != nil {
		return nil, err
	}
	doc := j.head(r)
	if r.New == nil {
		users, err := serviceUsers(ctx, s.Ref, upstreams, after)
		if err != nil || len(users) == 0 {
			return nil, err
		}
		change := j.build.Object()
		change.Array("users", j.userTerms(users))
		doc.Term("change", change.Done())
	} else {
		if len(upstreams) == 0 {
			return nil, nil
		}
		j.describeService(doc, s, upstreams)
	}
	return j.engine.Evaluate(ctx, policy.SubjectService, doc.Done().Value)
}

// upstreamsTaking gives the Upstreams that take the Service's endpoints and stay, sorted.
func upstreamsTaking(ctx context.Context, ref route.Ref, facts inventory.Reader) ([]*inventory.Upstream, error) {
	list, err := facts.UpstreamsOf(ctx, ref)
	list = slices.DeleteFunc(list, func(u *inventory.Upstream) bool { return u.Terminating })
	slices.SortFunc(list, func(a, b *inventory.Upstream) int { return cmp.Compare(a.Ref.String(), b.Ref.String()) })
	return list, err
}

// serviceUsers finds the routes that rest on the Service, through an Upstream or by its name.
func serviceUsers(ctx context.Context, ref route.Ref, upstreams []*inventory.Upstream, facts inventory.Reader) ([]user, error) {
	var out []user
	for _, u := range upstreams {
		tables, err := facts.TablesTo(ctx, u.Ref)
		if err != nil {
			return nil, err
		}
		users, err := usersIn(ctx, facts, tables, func(d route.Destination) bool { return d.Upstream == u.Ref })
		if err != nil {
			return nil, err
		}
		out = append(out, users...)
	}
	tables, err := facts.TablesToService(ctx, ref)
	if err != nil {
		return nil, err
	}
	users, err := usersIn(ctx, facts, tables, func(d route.Destination) bool { return d.Other != nil && d.Other.Service == ref })
	return append(out, users...), err
}

func (j *Judge) describeService(doc *policy.Object, s *inventory.Service, upstreams []*inventory.Upstream) {
	list := make([]*ast.Term, len(upstreams))
	for i, u := range upstreams {
		o := j.build.Object()
		o.String("namespace", u.Ref.Namespace)
		o.String("name", u.Ref.Name)
		o.Array("subsetKeys", j.keySets(u.SubsetKeys))
		list[i] = o.Done()
	}
	service := j.build.Object()
	service.Labels("selector", s.Selector)
	service.Array("upstreams", list)
	doc.Term("service", service.Done())
}
