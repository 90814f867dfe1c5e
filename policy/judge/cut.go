package judge

import (
	"context"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// cuts gathers tables of which a live route is led to before the request and not after, by who led to them.
type cuts struct{ groups map[string]*input.CutOff }

func (c *cuts) add(name string, ways [][]string) {
	key := waysKey(ways)
	if c.groups == nil {
		c.groups = map[string]*input.CutOff{}
	}
	if c.groups[key] == nil {
		c.groups[key] = &input.CutOff{Ways: ways}
	}
	g := c.groups[key]
	g.Count++
	g.Tables = append(g.Tables, name)
}

// all returns them, sorted; nil for none.
func (c *cuts) all() (out []input.CutOff) {
	for _, g := range c.groups {
		slices.Sort(g.Tables)
		g.Tables = g.Tables[:min(len(g.Tables), maxNamed)]
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b input.CutOff) int { return slices.CompareFunc(a.Ways, b.Ways, slices.Compare) })
	return out
}

// addCut adds the table if a live route of it is led to before and not after. Through returns what is told of the ways
// to such routes; nil for nothing, so that one route is enough.
func (d *decision) addCut(
	ctx context.Context, found *cuts, res *resolver, t *fact.Table, before, after []dialect.Way,
	through func([]dialect.Way) [][]string,
) error {
	var ways []dialect.Way
	live := false
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Delegates || leads(after, r) || live && through(ways) == nil {
			continue
		}
		by := takers(before, r)
		if len(by) == 0 {
			continue
		}
		is, err := d.isLive(ctx, res, d.kinds.Dialect(t.GroupKind), r)
		if err != nil {
			return err
		}
		if is {
			live, ways = true, append(ways, by...)
		}
	}
	if live {
		found.add(d.name(t.ID), through(ways))
	}
	return nil
}

// takers are the ways that take the route.
func takers(ways []dialect.Way, r *route.Route) []dialect.Way {
	return slices.DeleteFunc(slices.Clone(ways), func(w dialect.Way) bool {
		_, drop := w.Take(r)
		return drop != nil
	})
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
