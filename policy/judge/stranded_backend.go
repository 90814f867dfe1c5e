package judge

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// strands describes the routes to the backends, or to a Service itself, that the change of one takes those away from
// who answered them; nil if there are none. It looks at no more than [maxFollowed] backends, and tells of no more than
// [maxNamed] routes of each namespace.
func (d *decision) strands(ctx context.Context, ids []route.ID) (*input.Change, error) {
	if !d.request.picksAnew() {
		return nil, nil
	}
	all, err := d.leading(ctx, ids, maxFollowed, d.holding)
	if err != nil {
		return nil, err
	}
	var out []input.Stranded
	most := 0
	worlds := d.both()
	for i, l := range all {
		if i == 0 || l.table.Namespace != all[i-1].table.Namespace {
			most = len(out) + maxNamed
		}
		if out, err = d.strandedBy(ctx, out, most, l, worlds); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return &input.Change{Stranded: out}, nil
}

// picksAnew reports whether the update of a backend or a Service may change who is behind it. The ports are no question
// here: to change one takes two objects.
func (r Request) picksAnew() bool {
	if r.Operation != Update {
		return false
	}
	switch now := r.New.(type) {
	case *fact.Service:
		old, _ := r.Old.(*fact.Service)
		return old != nil && (now.External && !old.External || !maps.Equal(old.Selector, now.Selector))
	case *fact.Backend:
		old, _ := r.Old.(*fact.Backend)
		return old != nil && now.Pods && (old.Service != now.Service || !maps.Equal(old.Selector, now.Selector) ||
			old.Strict != now.Strict || !maps.Equal(old.Default, now.Default))
	}
	return false
}

// lead is a table whose routes lead to a backend or a Service.
type lead struct {
	table *fact.Table
	to    route.ID
}

// leading returns who leads to the ids, but to no more than so many. Those of the object's own namespace come first:
// what is not followed is then others'.
func (d *decision) leading(
	ctx context.Context, ids []route.ID, most int, tables func(context.Context, route.ID) ([]*fact.Table, error),
) (out []lead, err error) {
	slices.SortFunc(ids, func(a, b route.ID) int {
		return cmp.Or(d.compareFar(a.Namespace, b.Namespace), cmp.Compare(a.String(), b.String()))
	})
	for _, id := range ids[:min(len(ids), most)] {
		found, err := tables(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			out = append(out, lead{t, id})
		}
	}
	slices.SortStableFunc(out, func(a, b lead) int {
		return cmp.Or(
			d.compareFar(a.table.Namespace, b.table.Namespace),
			cmp.Compare(a.table.Name, b.table.Name), cmp.Compare(a.table.Kind, b.table.Kind),
		)
	})
	return out, nil
}

// strandedBy adds the table's routes through one backend, until there are so many.
func (d *decision) strandedBy(
	ctx context.Context, out []input.Stranded, most int, l lead, worlds *both,
) ([]input.Stranded, error) {
	t, from := l.table, len(out)
	in := d.kinds.Dialect(t.GroupKind)
	for i := range t.Routes {
		r := &t.Routes[i]
		told := map[*resolved]bool{}
		for n := range r.Destinations {
			to := &r.Destinations[n]
			if len(out) >= most || to.Backend == nil || to.Backend.ID != l.to || !r.Receives(*to) {
				continue
			}
			s, lost, err := worlds.loses(ctx, in, to)
			if err != nil {
				return nil, err
			}
			if lost != nil && !told[s] {
				told[s] = true
				out = append(out, d.describeLost(t, r, s, lost))
			}
		}
	}
	return out, d.markReached(ctx, t, out[from:])
}

func (d *decision) describeLost(t *fact.Table, r *route.Route, s *resolved, left *behind) input.Stranded {
	out := d.describeStranded(t, r, s)
	out.Lacks = left.lacks()
	if d.appTable(t) {
		out.App = t.App
	}
	if ref := serviceOf(s); ref.Name != "" {
		out.Service = ref.String()
	}
	out.Labels = pairs(wanted(&s.endpoints))
	return out
}

// wanted are the labels of the pods that the destinations mean.
func wanted(e *dialect.Endpoints) map[string]string {
	out := maps.Clone(e.Selector)
	if out == nil {
		return e.Labels
	}
	maps.Copy(out, e.Labels)
	return out
}
