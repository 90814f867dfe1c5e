package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// unready describes the destinations of a hand-made table that get traffic and mean a version without an available
// replica, though others have one: nobody waits there before traffic moves, as Aviary does in the tables that it keeps.
// In files nobody knows what is available.
func (d *decision) unready(ctx context.Context, t *fact.Table, res *resolver) (out []input.Unready, err error) {
	if d.appTable(t) {
		return nil, nil
	}
	asked := 0
	for i := range t.Routes {
		r := &t.Routes[i]
		var idle []int
		for n := range r.Destinations {
			if r.Receives(r.Destinations[n]) && res.resolve(ctx, d.dialect, &r.Destinations[n]).idle {
				idle = append(idle, n)
			}
		}
		if len(idle) == 0 {
			continue
		}
		if asked >= maxFollowed || len(out) >= maxNamed {
			break
		}
		idle = idle[:min(len(idle), maxFollowed-asked)]
		asked += len(idle)
		found, err := d.unreadyIn(ctx, r, idle, res)
		if err != nil || ctx.Err() != nil {
			return nil, cmp.Or(err, ctx.Err())
		}
		out = append(out, found...)
	}
	return out[:min(len(out), maxNamed)], nil
}

// unreadyIn says of these destinations of the route who has an available replica in their place: whom the request takes
// the traffic from, if it does so.
func (d *decision) unreadyIn(
	ctx context.Context, r *route.Route, idle []int, res *resolver,
) (out []input.Unready, err error) {
	was, beside := d.routeBefore(r), d.beside(ctx, r, res)
	var left []string
	if was != nil {
		if left, err = d.left(ctx, r, was, res); err != nil {
			return nil, err
		}
	}
	for _, n := range idle {
		s := res.resolve(ctx, d.dialect, &r.Destinations[n])
		u := input.Unready{
			Field: r.Destinations[n].Field, Version: values(s.endpoints.Labels), Backend: d.name(s.backend.ID), Others: left,
		}
		if u.Moved = was != nil && share(r, s.backend) > share(was, s.backend); !u.Moved {
			u.Others = union(s.up, beside)
		}
		if len(u.Others) == 0 {
			continue
		}
		if runs, err := res.runs(ctx, &s.endpoints); err == nil && !runs { // nobody watches Pods, so they are asked for last
			out = append(out, u)
		}
	}
	return out, nil
}

// beside names the versions with an available replica to which the route sends traffic.
func (d *decision) beside(ctx context.Context, r *route.Route, res *resolver) (out []string) {
	for n := range r.Destinations {
		s := res.resolve(ctx, d.dialect, &r.Destinations[n])
		if s.serves && r.Receives(r.Destinations[n]) && len(out) < maxNamed {
			out = union(out, []string{s.name()})
		}
	}
	return out
}

// left names what has an available replica and gets less of the route's traffic than before.
func (d *decision) left(ctx context.Context, r, was *route.Route, res *resolver) (out []string, err error) {
	for n := range was.Destinations {
		to := &was.Destinations[n]
		if n >= maxFollowed || len(out) == maxNamed {
			return out, nil
		}
		if !was.Receives(*to) || share(r, to.Backend) >= share(was, to.Backend) {
			continue
		}
		s := res.resolve(ctx, d.dialect, to)
		serves := s.serves
		if !serves && !s.follows() {
			if serves, err = res.live(ctx, s); err != nil {
				return nil, err
			}
		}
		if serves {
			out = union(out, []string{s.name()})
		}
	}
	return out, nil
}

// routeBefore returns the route that took the same requests before the request and sent them to somebody; nil for none.
func (d *decision) routeBefore(r *route.Route) *route.Route {
	whole := d.request.Old
	if d.request.Whole != nil {
		whole = d.request.Whole()
	}
	old, _ := whole.(*fact.Table)
	if old == nil {
		return nil
	}
	for i := range old.Routes {
		was := &old.Routes[i]
		if sameMatchers(was.Matchers, r.Matchers) {
			if !slices.ContainsFunc(was.Destinations, func(to route.Destination) bool { return was.Receives(to) }) {
				return nil
			}
			return was
		}
	}
	return nil
}

func sameMatchers(a, b []route.Matcher) bool {
	return slices.EqualFunc(a, b, route.Matcher.Equal)
}

// share is the part of the route's traffic that a backend gets, from 0 to 1.
func share(r *route.Route, b *route.Backend) float64 {
	var of, all int64
	for n := range r.Destinations {
		to := &r.Destinations[n]
		weight := int64(1)
		if r.Weighted {
			weight = max(to.Weight.Value, 0)
		}
		all += weight
		if to.Backend.Equal(b) {
			of += weight
		}
	}
	if all == 0 {
		return 0
	}
	return float64(of) / float64(all)
}

// name is what messages call what the destinations come to: its version, or the backend.
func (s *resolved) name() string {
	if version := values(s.endpoints.Labels); version != "" {
		return version
	}
	return s.target.Label
}

// union are the names in either list, sorted, at most [maxNamed].
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	all = slices.Compact(all)
	return all[:min(len(all), maxNamed)]
}
