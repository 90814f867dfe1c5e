package gloo

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// wayTo is a way with the table that it leads to; without a way that is the VirtualService itself.
type wayTo struct {
	*way
	parents *parents
	table   *fact.Table
}

// Root implements dialect.Way.
func (x wayTo) Root() route.ID {
	if x.way == nil {
		return x.table.ID
	}
	return x.root.ID
}

// Take implements dialect.Way.
func (x wayTo) Take(r *route.Route) ([]route.Matcher, *dialect.Drop) {
	if x.way == nil {
		return r.Alternatives(), nil
	}
	return x.take(r)
}

// Asked implements dialect.Way.
func (x wayTo) Asked() []route.Header {
	if x.way == nil {
		return nil
	}
	return x.matcher.Headers
}

// IdleMirror implements dialect.Way. A route takes its parent's options but for those that it has itself, so of its own
// mirror nothing is said here (docs/gloo-api.md, Delegation).
func (x wayTo) IdleMirror(r *route.Route) (*route.Reference, route.ID) {
	if r.Mirror != nil || !strings.HasPrefix(r.Action, redirects) && !strings.HasPrefix(r.Action, responds) {
		return nil, route.ID{}
	}
	for w := x.way; w != nil; w = w.up {
		if m := w.from.Routes[w.index].Mirror; m != nil {
			return m, w.from.ID
		}
	}
	return nil, route.ID{}
}

// Through implements dialect.Way.
func (x wayTo) Through() (out []*fact.Table) {
	for w := x.way; w != nil; w = w.up {
		out = append(out, w.from)
	}
	return out
}

// Mixed implements dialect.Way.
func (x wayTo) Mixed(ctx context.Context) (*fact.Table, error) {
	return x.parents.mixed(ctx, x.way, x.table)
}

// Sorted implements dialect.Way.
func (x wayTo) Sorted(routes []route.Route) []int { return sorted(routes) }

// Beside implements dialect.Way.
func (x wayTo) Beside(other dialect.Way) bool {
	o := other.(wayTo)
	return x.way != nil && o.way != nil && x.delegation == o.delegation
}

// Picks implements dialect.Way.
func (x wayTo) Picks(t *fact.Table) bool { return x.way != nil && x.picks(t) }

// step is one delegation on a way, and the table to which it leads.
type step struct {
	*delegation
	to *fact.Table
}

// steps are those from the root on.
func (x wayTo) steps() (out []step) {
	for w, to := x.way, x.table; w != nil; w, to = w.up, w.from {
		out = append(out, step{w.delegation, to})
	}
	slices.Reverse(out)
	return out
}

// Before implements dialect.Way. It follows both ways from the root on, up to where they part: there the place in the
// object decides, or the tables' weights. Where a selector picks several tables of one weight, whatever comes by them
// is sorted (docs/gloo-api.md, Route order).
func (x wayTo) Before(ctx context.Context, mine dialect.Place, other dialect.Way, theirs dialect.Place) (bool, error) {
	a, b := x.steps(), other.(wayTo).steps()
	better := compare(slices.MinFunc(mine.Matchers, compare), slices.MinFunc(theirs.Matchers, compare))
	for len(a) > 0 && len(b) > 0 && a[0].delegation == b[0].delegation {
		if a[0].to != b[0].to {
			return cmp.Or(cmp.Compare(a[0].to.Order, b[0].to.Order), better, byName(a[0].to, b[0].to)) < 0, nil
		}
		beside, err := x.parents.beside(ctx, a[0].delegation, a[0].to)
		if err != nil || beside != nil && better != 0 {
			return better < 0, err
		}
		a, b = a[1:], b[1:]
	}
	return endsAt(a, mine) < endsAt(b, theirs), nil
}

// endsAt is the index in an object of the route by which a way goes on, or that ends there.
func endsAt(rest []step, end dialect.Place) int {
	if len(rest) > 0 {
		return rest[0].index
	}
	return end.Route
}
