package judge

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// leftAlone describes the header routes of other tables whose rest the object routed and does not any more: requests
// without the headers would get no answer. Where the object says that it retires, or the app's table is written anew,
// nothing is asked.
func (d *decision) leftAlone(ctx context.Context) ([]input.Alone, error) {
	old, now := d.wholeOld(), tableOf(d.request.New)
	if old == nil || old.Terminating || !old.Led && old.Entry == nil || old.Retire || now != nil && now.Retire ||
		d.appTable(old) || now != nil && sameRequests(old, now) {
		return nil, nil
	}
	before := d.asBefore(ctx, old)
	gone, err := d.goneEnds(before, old, now)
	if err != nil || len(gone) == 0 {
		return nil, err
	}
	tables, err := before.withHeadersAt(ctx, old, gone)
	var out []input.Alone
	for _, t := range tables {
		here, err := d.newlyAlone(ctx, before, t)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		out = append(out, here...)
	}
	slices.SortStableFunc(out, func(a, b input.Alone) int {
		return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.Field, b.Field))
	})
	return out[:min(len(out), maxNamed)], err
}

// sameRequests reports whether the same requests come to both, by which route they do.
func sameRequests(old, now *fact.Table) bool {
	return old.Terminating == now.Terminating && old.Order == now.Order &&
		(!now.Led || maps.Equal(old.Labels, now.Labels)) &&
		slices.EqualFunc(old.Routes, now.Routes, func(a, b route.Route) bool {
			return a.Delegates == b.Delegates && a.InheritsPath == b.InheritsPath && a.Inherits == b.Inherits &&
				sameMatchers(a.Matchers, b.Matchers)
		})
}

func tableOf(f fact.Fact) *fact.Table {
	t, _ := f.(*fact.Table)
	return t
}

// wholeOld is the table before the request, with its routes.
func (d *decision) wholeOld() *fact.Table {
	if d.request.Operation == Audit || d.request.Old == nil {
		return nil
	}
	if d.request.Whole != nil {
		return tableOf(d.request.Whole())
	}
	return tableOf(d.request.Old)
}

// asBefore judges the world before the request, in which the object is the old one, or not there.
func (d *decision) asBefore(ctx context.Context, old *fact.Table) *decision {
	out := *d
	world, _ := d.before.(inventory.Overlay)
	world.Now = nil
	if old != nil {
		world.Now = old
	}
	out.after, out.ways = world, map[*fact.Table][]dialect.Way{}
	out.parents = sync.OnceValues(func() (dialect.Parents, error) { return d.dialect.Parents(ctx, world) })
	return &out
}

// goneEnds are the routes of the old object, with what they inherit, that the new one does not have at the same path.
func (d *decision) goneEnds(before *decision, old, now *fact.Table) ([]end, error) {
	was, err := before.parents()
	if err != nil {
		return nil, err
	}
	had := before.ends(was, old)
	if now == nil || now.Terminating || len(had) == 0 {
		return had, nil
	}
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	has := d.ends(parents, now)
	return slices.DeleteFunc(had, func(a end) bool {
		return slices.ContainsFunc(has, func(b end) bool {
			return a.way.Root() == b.way.Root() && sameMatchers(a.place.Matchers, b.place.Matchers)
		})
	}), nil
}

// withHeadersAt are other tables under the same root that have routes with headers of which one of the ends may route
// the rest.
func (d *decision) withHeadersAt(ctx context.Context, t *fact.Table, ends []end) ([]*fact.Table, error) {
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	may := func(o *fact.Table) bool {
		return o.ID != t.ID && !o.Terminating && !o.Retire && ctx.Err() == nil &&
			d.kinds.Dialect(o.GroupKind).Name() == d.dialect.Name() && asksHeaders(o) &&
			slices.ContainsFunc(d.ends(parents, o), func(e end) bool { return ctx.Err() == nil && d.restBy(e, ends) })
	}
	out, err := d.after.TablesAt(ctx, keys(distinct(taken(ends))), maxNear, may)
	for p := range taken(ends) {
		if err = cmp.Or(err, ctx.Err()); err != nil || len(out) >= maxNear {
			break
		}
		if p.Kind != route.Prefix && p.Kind != route.Regex {
			continue
		}
		var beneath []*fact.Table
		fresh := func(o *fact.Table) bool { return !slices.Contains(out, o) && may(o) }
		beneath, err = d.after.TablesUnder(ctx, fact.Under{Begins: keyOfText(p.Folded())}, maxNear, fresh)
		out = append(out, beneath...)
	}
	return out, cmp.Or(err, ctx.Err())
}

func asksHeaders(t *fact.Table) bool {
	return slices.ContainsFunc(t.Routes, func(r route.Route) bool {
		return slices.ContainsFunc(r.Matchers, func(m route.Matcher) bool { return len(m.Headers) > 0 })
	})
}

// restBy reports whether one of the others may route a part of what the route leaves to others by its headers.
func (d *decision) restBy(e end, others []end) bool {
	s := d.dialect.Semantics()
	return slices.ContainsFunc(e.place.Matchers, func(m route.Matcher) bool {
		return len(m.Headers) > 0 && slices.ContainsFunc(others, func(o end) bool {
			return o.way.Root() == e.way.Root() &&
				slices.ContainsFunc(o.place.Matchers, func(f route.Matcher) bool { return f.Meets(s, m) })
		})
	})
}

// newlyAlone describes the header routes of a table that have no rest after the request and had one before.
func (d *decision) newlyAlone(ctx context.Context, before *decision, t *fact.Table) (out []input.Alone, err error) {
	now, err := d.alone(ctx, t)
	if err != nil || len(now) == 0 {
		return nil, err
	}
	was, err := before.alone(ctx, t)
	if err != nil {
		return nil, err
	}
	if released, err := d.releases(ctx, t); released || err != nil {
		return nil, err
	}
	for _, o := range now {
		same := func(w input.Obstacle) bool {
			return w.Field == o.Field && (w.Kind == o.Kind || w.Kind == string(route.Lone))
		}
		if !slices.ContainsFunc(was, same) {
			out = append(out, input.Alone{
				Kind: o.Kind, Table: d.name(t.ID), Field: o.Field, Label: o.Label, When: o.When, Rest: o.Rest,
				Own: t.Namespace == d.request.id().Namespace,
			})
		}
	}
	return out, nil
}

// alone are the obstacles of the table's header routes that nobody takes the rest of, or may not.
func (d *decision) alone(ctx context.Context, t *fact.Table) ([]input.Obstacle, error) {
	parents, err := d.parents()
	if err != nil || len(d.waysTo(parents, t)) == 0 {
		return nil, err
	}
	found, err := d.ledObstacles(ctx, t, parents)
	kinds := []route.ObstacleKind{route.Lone, route.Absent}
	return slices.DeleteFunc(found, func(o input.Obstacle) bool {
		return !slices.Contains(kinds, route.ObstacleKind(o.Kind))
	}), err
}
