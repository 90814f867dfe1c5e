package judge

import (
	"context"
	"math"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// table judges a routing object.
func (j *Judge) table(ctx context.Context, r Request, t *inventory.Table, facts inventory.Reader) ([]policy.Finding, error) {
	doc := j.head(r)
	res := &resolver{facts: facts, app: j.settings.Keys.App}
	routes := make([]*ast.Term, 0, len(t.Routes))
	for _, x := range t.Routes {
		routes = append(routes, j.route(ctx, x, res))
	}
	doc.Array("routes", routes)
	j.enums(doc, t.Unparsable)
	j.choices(doc, t.Choices)
	j.foreign(doc, t, res)
	if t.Unchecked {
		doc.Bool("unchecked", true)
	}
	parents, err := facts.Parents(ctx)
	if err != nil {
		return nil, err
	}
	j.obstacles(doc, t, parents)
	if t.Kind == gloo.KindRouteTable {
		if err := j.tableGroup(ctx, doc, r, t, parents, facts); err != nil {
			return nil, err
		}
		if err := j.place(ctx, doc, t, parents, facts); err != nil {
			return nil, err
		}
	}
	return j.engine.Evaluate(ctx, policy.SubjectRoutes, doc.Done().Value)
}

func (j *Judge) route(ctx context.Context, x route.Route, res *resolver) *ast.Term {
	out := j.build.Object()
	out.String("field", x.Field)
	out.Bool("weighted", x.Weighted)
	out.Bool("split", x.Split())
	if x.Weighted {
		out.String("destinationsField", x.DestinationsField)
		out.Int("sum", sum(x.Destinations))
	}
	list := make([]*ast.Term, 0, len(x.Destinations))
	for _, d := range x.Destinations {
		list = append(list, j.destination(ctx, x, d, res))
	}
	out.Array("destinations", list)
	return out.Done()
}

// sum adds up the weights; -1 if one is missing, negative or more than Gloo can hold, so that the sum doesn't overflow.
func sum(list []route.Destination) (total int) {
	for _, d := range list {
		if d.Weight == nil || *d.Weight < 0 || *d.Weight > math.MaxUint32 {
			return -1
		}
		total += int(*d.Weight)
	}
	return total
}

func (j *Judge) destination(ctx context.Context, x route.Route, d route.Destination, res *resolver) *ast.Term {
	out := j.build.Object()
	out.String("field", d.Field)
	t := res.resolve(ctx, d)
	out.String("label", t.label)
	out.Bool("receives", x.Receives(d))
	if d.Weight != nil {
		out.Int("weight", int(*d.Weight))
	}
	if t.terms == nil {
		t.terms = j.terms(d, t)
	}
	for _, term := range t.terms {
		out.Term(term.key, term.value)
	}
	return out.Done()
}

// terms makes the part of a destination that depends on its upstream and subset alone, and that most destinations of a
// table therefore share.
func (j *Judge) terms(d route.Destination, t *target) []keyed {
	var out []keyed
	if len(d.Subset) == 0 {
		out = append(out, keyed{"unnamed", ast.InternedTerm(true)})
	} else {
		subset := j.build.Object()
		for k, v := range d.Subset {
			subset.String(k, v)
		}
		out = append(out, keyed{"subset", subset.Done()})
	}
	out = append(out, j.declared(d, t)...)
	if d.Upstream.Name == "" {
		return out
	}
	up := j.build.Object()
	up.String("namespace", d.Upstream.Namespace)
	up.String("name", d.Upstream.Name)
	if t.unknown != "" {
		return append(out, keyed{"unknown", ast.StringTerm(t.unknown)}, keyed{"upstream", up.Done()})
	}
	up.Bool("exists", t.exists)
	if t.exists {
		up.Bool("kube", t.kube)
		up.Bool("subsets", t.subsets)
		if t.declared != nil && !*t.declared {
			up.Array("subsetKeys", j.keySets(t.keys))
		}
	}
	out = append(out, keyed{"upstream", up.Done()})
	if t.deployed == nil {
		return out
	}
	out = append(out, keyed{"deployed", ast.InternedTerm(*t.deployed)})
	if !*t.deployed {
		others := make([]*ast.Term, len(t.others))
		for i, o := range t.others {
			others[i] = ast.StringTerm(o)
		}
		out = append(out, keyed{"others", ast.ArrayTerm(others...)})
		if t.waiting && len(others) > 0 {
			out = append(out, keyed{"waiting", ast.InternedTerm(true)})
		}
	}
	return out
}

// tableGroup adds what the label that parents select by is, was and may be.
func (j *Judge) tableGroup(ctx context.Context, doc *policy.Object, r Request, t *inventory.Table, parents []*inventory.Table, facts inventory.Reader) error {
	key := j.settings.Keys.APIGroup
	group := j.build.Object()
	group.String("field", "metadata.labels["+key+"]")
	value, ok := t.Labels[key]
	if ok {
		group.String("value", value)
	}
	if old, updated := r.Old.(*inventory.Table); updated {
		before, had := old.Labels[key]
		if had {
			group.String("before", before)
		}
		if before != value || had != ok {
			group.Bool("selectedBefore", selected(parents, old))
			group.Bool("selectedAfter", selected(parents, t))
		}
	}
	ns, err := facts.Namespace(ctx, t.Ref.Namespace)
	if err != nil {
		return err
	}
	if ns != nil && len(ns.APIGroups) > 0 {
		group.Strings("allowed", ns.APIGroups)
	}
	doc.Term("apiGroup", group.Done())
	return nil
}

// selected reports whether a parent delegates to the table.
func selected(parents []*inventory.Table, t *inventory.Table) bool {
	for _, p := range parents {
		for _, d := range p.Delegates {
			if d.Picks(t.Ref, t.Labels) {
				return true
			}
		}
	}
	return false
}
