package judge

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// parentGoes judges the removal of a table by what it led to, and by what others leave to it.
func (d *decision) parentGoes(ctx context.Context) ([]policy.Finding, error) {
	doc := d.document()
	var err error
	if doc.Change, err = d.tableChange(ctx); err != nil || doc.Change == nil {
		return nil, err
	}
	return d.engine.Evaluate(ctx, policy.SubjectRoutes, doc)
}

// tableChange describes what a change of a table takes from others, and gives to others; nil for nothing.
func (d *decision) tableChange(ctx context.Context) (*input.Change, error) {
	cut, err := d.cutOff(ctx)
	if err != nil {
		return nil, err
	}
	alone, err := d.leftAlone(ctx)
	if err != nil {
		return nil, err
	}
	handed, err := d.handedOn(ctx)
	if err != nil || cut == nil && len(alone)+len(handed) == 0 {
		return nil, err
	}
	return &input.Change{CutOff: cut, Alone: alone, Handed: handed}, nil
}

// cutOff describes the tables of which a route gets requests by way of the object and would get none after the request,
// though it sends them to a version that is there; nil for none. One that says that it retires lets them go.
func (d *decision) cutOff(ctx context.Context) (*input.CutOff, error) {
	old, _ := d.request.Old.(*fact.Table)
	now, _ := d.request.New.(*fact.Table)
	if old == nil || old.Parent == nil || old.Retire || now != nil && (now.Retire || leadsAsBefore(old, now)) {
		return nil, nil
	}
	after, err := d.parents()
	if err != nil {
		return nil, err
	}
	before, err := d.dialect.Parents(ctx, d.before)
	if err != nil {
		return nil, err
	}
	under, err := before.Under(ctx, old)
	if err != nil {
		return nil, err
	}
	var names []string
	res := newResolver(d.kinds, d.before)
	for _, t := range under {
		if t.Terminating || t.Retire {
			continue
		}
		cut, err := d.isCut(ctx, res, t, lasting(before.Ways(t)), lasting(after.Ways(t)))
		if err != nil || ctx.Err() != nil {
			return nil, cmp.Or(err, ctx.Err())
		}
		if cut {
			names = append(names, d.name(t.ID))
		}
	}
	return cutOffOf(names), nil
}

// leadsAsBefore reports whether the same tables are led to, and by the same parents.
func leadsAsBefore(old, now *fact.Table) bool {
	return sameWays(old.Parent, parent(now)) && (!old.Led || maps.Equal(old.Labels, now.Labels))
}

// lasting leaves out the ways through tables that are being deleted. Requests come by them still, so all else counts
// them, but they end at any time, and nobody judges that.
func lasting(ways []dialect.Way) []dialect.Way {
	return slices.DeleteFunc(ways, func(w dialect.Way) bool {
		return slices.ContainsFunc(w.Through(), func(t *fact.Table) bool { return t.Terminating })
	})
}

// isCut reports whether a live route of the table is led to before and not after.
func (d *decision) isCut(ctx context.Context, res *resolver, t *fact.Table, before, after []dialect.Way) (bool, error) {
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Delegates || !leads(before, r) || leads(after, r) {
			continue
		}
		if live, err := d.isLive(ctx, res, d.kinds.Dialect(t.GroupKind), r); live || err != nil {
			return live, err
		}
	}
	return false, nil
}

// isLive reports whether the route sends requests to an available Pod, itself or by the list that it refers to.
func (d *decision) isLive(ctx context.Context, res *resolver, in dialect.Dialect, r *route.Route) (bool, error) {
	routes := []route.Route{*r}
	if r.Group != nil {
		list, err := d.before.Table(ctx, r.Group.ID)
		if list == nil || err != nil {
			return false, err
		}
		routes = list.Routes
	}
	for i := range routes {
		for n := range routes[i].Destinations {
			to := &routes[i].Destinations[n]
			if !routes[i].Receives(*to) {
				continue
			}
			if live, err := res.live(ctx, res.resolve(ctx, in, to)); live || err != nil {
				return live, err
			}
		}
	}
	return false, nil
}

// leads reports whether a way takes the route.
func leads(ways []dialect.Way, r *route.Route) bool { return len(ways) > 0 && dropBy(ways, r) == nil }

// live reports whether an available Pod is behind a destination.
func (r *resolver) live(ctx context.Context, s *resolved) (bool, error) {
	e := &s.endpoints
	if !e.Pods || e.Selector == nil {
		return false, nil
	}
	all, err := r.facts.Workloads(ctx, e.Namespace, e.Selector)
	return slices.ContainsFunc(all, func(w *fact.Workload) bool {
		return isUp(w) && w.Carries(e.Labels)
	}), err
}
