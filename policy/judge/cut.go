package judge

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// cuts gathers tables of which a live route is led to before the request and not after, by what is told of that.
type cuts struct{ groups map[string]*input.CutOff }

func (c *cuts) add(name string, as input.CutOff) {
	key := fmt.Sprintf("%s|%q|%t|%t", waysKey(as.Ways), as.Domains, as.Partly, as.Far)
	if c.groups == nil {
		c.groups = map[string]*input.CutOff{}
	}
	if c.groups[key] == nil {
		c.groups[key] = &as
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
	slices.SortFunc(out, func(a, b input.CutOff) int {
		return cmp.Or(
			slices.CompareFunc(a.Ways, b.Ways, slices.Compare), slices.Compare(a.Domains, b.Domains),
			slices.Compare(a.Tables, b.Tables),
		)
	})
	return out
}

// cut is what a request takes from one table.
type cut struct {
	// ways are those by which requests came to live routes to which nobody leads any more.
	ways []dialect.Way
	// gone are the domains of requests that come to live routes no more, where others lead to these. Partly: for some of
	// those for which they came, they come.
	gone   []string
	partly bool
}

// tell describes it.
func (c *cut) tell(through [][]string, far bool) input.CutOff {
	if len(c.ways) > 0 {
		return input.CutOff{Ways: through, Far: far}
	}
	slices.Sort(c.gone)
	gone := slices.Compact(c.gone)
	return input.CutOff{Domains: gone[:min(len(gone), maxNamed)], Partly: c.partly, Far: far}
}

// compared are the ways to a table before and after the request. Kept is told by which requests came to a route, and
// come; it may be nil.
type compared struct {
	before, after []dialect.Way
	kept          func(by, now []dialect.Way)
}

// cutOf returns what the request takes from the live routes of a table; nil for nothing. Through returns what is told
// of the ways to such routes; nil for nothing, so that one route is enough.
func (d *decision) cutOf(
	ctx context.Context, res *resolver, t *fact.Table, w compared, hosts *hosts, through func([]dialect.Way) [][]string,
) (*cut, error) {
	var out cut
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Delegates || len(out.ways) > 0 && through(out.ways) == nil {
			continue
		}
		by, now := takers(w.before, r), takers(w.after, r)
		if len(by) == 0 {
			continue
		}
		if w.kept != nil {
			w.kept(by, now)
		}
		gone, partly := hosts.gone(by, now)
		if len(now) > 0 && len(gone) == 0 {
			continue
		}
		switch is, err := d.isLive(ctx, res, d.kinds.Dialect(t.GroupKind), r); {
		case err != nil:
			return nil, err
		case is && len(now) == 0:
			out.ways = append(out.ways, by...)
		case is:
			out.gone, out.partly = append(out.gone, gone...), partly && (len(out.gone) == 0 || out.partly)
		}
	}
	if len(out.ways) == 0 && len(out.gone) == 0 {
		return nil, nil
	}
	return &out, nil
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
