package glootest

import (
	"context"
	"fmt"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
)

// end is a route that a way leads to.
type end struct {
	table *fact.Table
	way   dialect.Way
	place dialect.Place
}

// Order names all matchers of the routes under a root in the order in which the dialect tries them, each once:
// "echo/echo-routes 1 0" is the first matcher of the second route. Delegations are none.
func Order(
	ctx context.Context, parents dialect.Parents, facts []fact.Fact, root *fact.Table,
) (out []string, err error) {
	ends, err := ordered(ctx, parents, facts, root)
	for _, e := range ends {
		for m := range e.place.Matchers {
			if name := place(e.table.Ref.String(), e.place.Route, m); !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out, err
}

func place(table string, route, matcher int) string {
	return fmt.Sprintf("%s %d %d", table, route, matcher)
}

// ordered are the routes under a root in the order in which the dialect tries them.
func ordered(
	ctx context.Context, parents dialect.Parents, facts []fact.Fact, root *fact.Table,
) (ends []end, err error) {
	for _, f := range facts {
		if table, ok := f.(*fact.Table); ok {
			for _, way := range parents.Ways(table) {
				if way.Root() == root.ID {
					ends = append(ends, taken(table, way)...)
				}
			}
		}
	}
	before := func(a, b end) bool {
		is, failed := a.way.Before(ctx, a.place, b.way, b.place)
		if failed != nil {
			err = failed
		}
		return is
	}
	slices.SortFunc(ends, func(a, b end) int {
		switch {
		case before(a, b):
			return -1
		case before(b, a):
			return 1
		}
		return 0
	})
	return ends, err
}

func taken(table *fact.Table, way dialect.Way) (out []end) {
	for i := range table.Routes {
		r := &table.Routes[i]
		if matchers, drop := way.Take(r); drop == nil && !r.Delegates {
			out = append(out, end{table, way, dialect.Place{Route: i, Matchers: matchers}})
		}
	}
	return out
}
