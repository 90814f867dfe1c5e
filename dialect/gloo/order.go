package gloo

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// sorted returns the indexes of routes in the order into which Gloo sorts those of several tables: by the most specific
// matcher of each, and otherwise as they are (docs/gloo-api.md, Route order).
func sorted(routes []route.Route) []int {
	best := make([]route.Matcher, len(routes))
	order := make([]int, len(routes))
	for i := range routes {
		order[i], best[i] = i, slices.MinFunc(routes[i].Alternatives(), compare)
	}
	slices.SortStableFunc(order, func(a, b int) int { return compare(best[a], best[b]) })
	return order
}

// compare tells which of two matchers Gloo puts first: more methods, then the kind of path, then the path's text, the
// greater one first. Headers and query parameters don't count.
func compare(a, b route.Matcher) int {
	return cmp.Or(
		cmp.Compare(len(b.Methods), len(a.Methods)),
		cmp.Compare(rank(a.Path.Kind), rank(b.Path.Kind)),
		cmp.Compare(b.Path.Value, a.Path.Value),
	)
}

func rank(kind route.PathKind) int {
	return slices.Index([]route.PathKind{route.NoPath, route.Exact, route.Regex, route.Prefix, route.Connect}, kind)
}

// mixed returns a table whose routes Gloo sorts together with those of t, as both come by one selector with one weight,
// or what leads to t does; of several the first by name.
func (p *parents) mixed(ctx context.Context, w *way, t *fact.Table) (*fact.Table, error) {
	for ; w != nil; w, t = w.up, w.from {
		if beside, err := p.beside(ctx, w.delegation, t); beside != nil || err != nil {
			return beside, err
		}
	}
	return nil, nil
}

// beside returns another table that a selector picks with the weight of t, the first by name; nil if there is none.
func (p *parents) beside(ctx context.Context, d *delegation, t *fact.Table) (*fact.Table, error) {
	if d.to != nil {
		return nil, nil
	}
	var found []*fact.Table
	for _, namespace := range d.namespaces() {
		more, err := p.facts.TablesLed(ctx, d.led(namespace, &t.Order), 1, func(o *fact.Table) bool {
			return o.ID != t.ID && d.picks(o)
		})
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return slices.MinFunc(found, byName), nil
}

// picked returns the tables that a delegation leads to.
func (p *parents) picked(ctx context.Context, d *delegation) ([]*fact.Table, error) {
	if d.to != nil {
		t, err := p.facts.Table(ctx, route.ID{GroupKind: RouteTableKind.GroupKind(), Ref: *d.to})
		if t == nil || err != nil {
			return nil, err
		}
		return []*fact.Table{t}, nil
	}
	var out []*fact.Table
	for _, namespace := range d.namespaces() {
		found, err := p.facts.TablesLed(ctx, d.led(namespace, nil), 0, d.picks)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// namespaces are those in which a selector looks for tables; none if it selects nothing.
func (d *delegation) namespaces() []string {
	switch {
	case d.labelled == nil:
		return nil
	case len(d.selector.Namespaces) == 0:
		return []string{d.namespace}
	case slices.Contains(d.selector.Namespaces, allNamespaces):
		return []string{fact.AllNamespaces}
	}
	return d.selector.Namespaces
}

func (d *delegation) led(namespace string, order *int32) fact.Led {
	return fact.Led{Namespace: namespace, Labels: d.selector.Labels, Order: order}
}

// byName is the order in which Gloo comes to tables that nothing else puts in order.
func byName(a, b *fact.Table) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
}
