package judge

import (
	"context"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// view is a table as requests see it that come one way: with the conditions of its parents, without the routes that
// they drop, and in the order in which the dialect tries the others.
type view struct {
	way dialect.Way
	// written has the routes in the order as written, indexes their places in the table.
	written route.Table
	indexes []int
	// beside is the table on whose account they are sorted; nil where they are not, or where that changes nothing.
	beside *fact.Table
}

// waysTo returns how requests come to a table; they are followed once in a decision.
func (d *decision) waysTo(parents dialect.Parents, t *fact.Table) []dialect.Way {
	ways, ok := d.ways[t]
	if !ok {
		ways = parents.Ways(t)
		d.ways[t] = ways
	}
	return ways
}

func newView(t *fact.Table, way dialect.Way) *view {
	v := &view{
		way: way, indexes: make([]int, 0, len(t.Routes)),
		written: route.Table{ID: t.ID, Order: t.Order, Routes: make([]route.Route, 0, len(t.Routes))},
	}
	for i := range t.Routes {
		if matchers, drop := way.Take(&t.Routes[i]); drop == nil {
			r := t.Routes[i]
			r.Matchers = matchers
			v.written.Routes, v.indexes = append(v.written.Routes, r), append(v.indexes, i)
		}
	}
	return v
}

// obstacles are those of the table as it is tried, by the places that its routes have in the table. Whether another
// table makes the dialect sort is asked only where that makes a difference.
func (v *view) obstacles(ctx context.Context, s route.Semantics) ([]route.Obstacle, error) {
	written := v.at(v.written.Obstacles(s, v.way.Asked()...), nil)
	order := v.way.Sorted(v.written.Routes)
	if !v.written.Differs(order) {
		return written, nil
	}
	tried := v.written
	tried.Routes = make([]route.Route, len(order))
	for to, from := range order {
		tried.Routes[to] = v.written.Routes[from]
	}
	found := v.at(append(tried.Obstacles(s, v.way.Asked()...), overtaken(s, tried, order)...), order)
	if sameSet(written, found) {
		return written, nil
	}
	var err error
	if v.beside, err = v.way.Mixed(ctx); v.beside == nil {
		return written, err
	}
	for i, x := range found {
		if x.Kind == route.Shadowed && x.By > x.Route {
			found[i].Kind = route.Outsorted
		}
	}
	for _, x := range written {
		if x.Kind == route.Shadowed {
			x.Kind = route.Hanging
			found = append(found, x)
		}
	}
	return found, nil
}

func sameSet(a, b []route.Obstacle) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(x route.Obstacle) bool { return !slices.Contains(b, x) })
}

// at gives obstacles the places in the table; order are those in written, nil for as they are.
func (v *view) at(found []route.Obstacle, order []int) []route.Obstacle {
	place := func(i int) int {
		if order != nil {
			i = order[i]
		}
		return v.indexes[i]
	}
	for i := range found {
		found[i].Route = place(found[i].Route)
		if found[i].ByAnother() {
			found[i].By = place(found[i].By)
		}
	}
	return found
}

// maxOvertaken bounds how many routes a table has of which each is compared with each, and with those before.
const maxOvertaken = 100

// overtaken are the routes from which sorting takes requests: one that was written later is tried before them. Of a
// larger table none is told.
func overtaken(s route.Semantics, tried route.Table, order []int) (out []route.Obstacle) {
	if len(order) > maxOvertaken {
		return nil
	}
	for i, from := range order {
		for n, by := range order[:i] {
			if by > from && tried.Takes(s, n, i) {
				out = append(out, route.Obstacle{Kind: route.Overtaken, Route: i, By: n})
				break
			}
		}
	}
	return out
}
