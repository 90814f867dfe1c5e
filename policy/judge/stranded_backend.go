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
// [maxNamed] routes.
func (d *decision) strands(ctx context.Context, ids []route.ID) (*input.Change, error) {
	if !d.request.picksAnew() {
		return nil, nil
	}
	var out []input.Stranded
	worlds := d.both()
	for _, id := range ids[:min(len(ids), maxFollowed)] {
		tables, err := d.holding(ctx, id)
		if err != nil {
			return nil, err
		}
		d.sortNear(tables)
		for _, t := range tables {
			if out, err = d.strandedBy(ctx, out, t, id, worlds); err != nil {
				return nil, err
			}
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

// sortNear sorts tables, those of the object's namespace first: what is not followed is then others'.
func (d *decision) sortNear(tables []*fact.Table) {
	far := func(t *fact.Table) int {
		if t.Namespace == d.request.id().Namespace {
			return 0
		}
		return 1
	}
	slices.SortFunc(tables, func(a, b *fact.Table) int {
		return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(a.ID.String(), b.ID.String()))
	})
}

// strandedBy adds the table's routes through one backend.
func (d *decision) strandedBy(
	ctx context.Context, out []input.Stranded, t *fact.Table, backend route.ID, worlds *both,
) ([]input.Stranded, error) {
	in := d.kinds.Dialect(t.GroupKind)
	for i := range t.Routes {
		r := &t.Routes[i]
		told := map[*resolved]bool{}
		for n := range r.Destinations {
			to := &r.Destinations[n]
			if len(out) >= maxNamed || to.Backend == nil || to.Backend.ID != backend || !r.Receives(*to) {
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
	return out, nil
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
