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

// maxNamed bounds how many parents or other tables are named.
const maxNamed = 20

// conflict is a path of the table's that stands in a relation to one of another table.
type conflict struct {
	field string
	// lead is the version that has the path once it leads; empty for none.
	lead         string
	relation     relation
	mine, theirs route.Matcher
	at           string // the other's route
	other        *fact.Table
	root         route.ID
	// invited: it counts under that root; see invites.
	invited bool
}

// matters reports whether the conflict matters more than another one of the same matcher. Of two that matter as much it
// is the one under the lesser parent, wherever they were read.
func (c *conflict) matters(o *conflict) bool {
	return cmp.Or(c.compare(o), cmp.Compare(o.root.String(), c.root.String())) > 0
}

// compare puts one under a root that its table's namespace asked for first, and then by their relations.
func (c *conflict) compare(o *conflict) int {
	switch {
	case c.invited && !o.invited:
		return 1
	case o.invited && !c.invited:
		return -1
	}
	return cmp.Compare(c.relation.rank(), o.relation.rank())
}

// refused are the relations that are refused under a root that counts.
var refused = []relation{same, takes, lifted, above}

// invites says of a route of a table whether its namespace asked for requests from a root: one of its own, or one that
// is open to all. Others' roots lead to whatever has their labels; one counts if the route has no other.
func (d *decision) invites(mine []end, at end) bool {
	asked := func(e end) bool {
		root := e.way.Root()
		return root.Namespace == e.table.Namespace || d.engine.OpenToAll(root.Namespace)
	}
	return asked(at) || !slices.ContainsFunc(mine, func(e end) bool { return e.place.Route == at.place.Route && asked(e) })
}

// conflicts finds them. Mostly no other table is near, so the ways of requests are followed only once one is.
func (d *decision) conflicts(ctx context.Context, t *fact.Table) ([]conflict, error) {
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	return d.conflictsOf(ctx, parents, t, d.ends(parents, t))
}

// conflictsOf finds those of some of the table's routes.
func (d *decision) conflictsOf(
	ctx context.Context, parents dialect.Parents, t *fact.Table, mine []end,
) ([]conflict, error) {
	n := d.newNear(ctx, parents, t, mine, d.closest)
	err := n.all(ctx)
	return n.found, err
}

// touch reports whether a path of the one may stand in a relation to one of the other. It asks nothing: tables that
// don't touch need not be looked up.
func (d *decision) touch(ctx context.Context, mine, theirs []end) bool {
	for _, a := range mine {
		if ctx.Err() != nil {
			return false
		}
		for _, b := range theirs {
			if a.way.Root() == b.way.Root() && d.mayRelate(a, b) {
				return true
			}
		}
	}
	return false
}

// describeConflicts describes those that matter most.
func (d *decision) describeConflicts(found []conflict) []input.Conflict {
	if len(found) == 0 {
		return nil
	}
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b conflict) int { return b.compare(&a) })
	var out []input.Conflict
	for _, c := range found[:min(len(found), maxNamed)] {
		out = append(out, input.Conflict{
			Field: c.field, Lead: c.lead, Relation: string(c.relation),
			Path: c.mine.Path.String(), Theirs: c.theirs.Path.String(),
			Compatible: c.mine.Compatible(c.theirs),
			Ahead:      len(c.mine.Methods) > len(c.theirs.Methods),
			Methods:    c.mine.Methods,
			Table:      fmt.Sprintf("%s (%s)", d.name(c.other.ID), c.at),
			Owner:      c.other.Namespace,
			Under:      d.name(c.root),
			Invited:    c.invited,
		})
	}
	return out
}

// finder finds the conflict that the matcher n of a, which is one of a table's ends, has with another table.
type finder func(ctx context.Context, mine []end, a end, n int, o *fact.Table, theirs []end) (conflict, error)

// meet returns the conflicts that a table's paths have with the other's: one for each matcher, the closest.
func (d *decision) meet(
	ctx context.Context, find finder, mine []end, o *fact.Table, theirs []end,
) (out []conflict, err error) {
	at := map[[2]int]int{} // where the conflict of a route's matcher stands in out
	for _, a := range mine {
		for n := range a.place.Matchers {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			c, err := find(ctx, mine, a, n, o, theirs)
			if err != nil {
				return nil, err
			}
			if c.relation == "" {
				continue
			}
			c.field, c.invited = matcherField(&a.table.Routes[a.place.Route], n), d.invites(mine, a)
			if !c.invited && c.root.Namespace == o.Namespace && !slices.Contains(refused, c.relation) {
				continue // a word about each path of everybody's is in the power of whoever has a domain
			}
			key := [2]int{a.place.Route, n}
			switch known, ok := at[key]; {
			case !ok:
				at[key] = len(out)
				out = append(out, c)
			case c.matters(&out[known]):
				out[known] = c
			}
		}
	}
	return out, nil
}

// closest finds the conflict that matters most.
func (d *decision) closest(
	ctx context.Context, mine []end, a end, n int, o *fact.Table, theirs []end,
) (best conflict, err error) {
	for _, b := range theirs {
		if a.way.Root() != b.way.Root() {
			continue
		}
		for k := range b.place.Matchers {
			p := pair{a, n, b, k}
			relation, err := d.relate(ctx, p)
			if err != nil {
				return best, err
			}
			if relation.rank() > best.relation.rank() {
				best = between(relation, p, o)
			}
		}
	}
	if best.relation.rank() < unreached.rank() {
		if c, err := d.covered(ctx, mine, a, n, o, theirs); c.relation != "" || err != nil {
			return c, err
		}
	}
	return best, nil
}

func between(r relation, p pair, o *fact.Table) conflict {
	return conflict{
		relation: r, mine: p.a.place.Matchers[p.n], theirs: p.b.place.Matchers[p.k],
		at: o.Routes[p.b.place.Route].Field, other: o, root: p.a.way.Root(),
	}
}

// end is a route of a table with a way by which requests come to it.
type end struct {
	table *fact.Table
	way   dialect.Way
	place dialect.Place
}

// maxTaken bounds how often it is asked whether a way takes a route of a table, the shortest ways first.
const maxTaken = 200_000

// fewEnds are made room for at once; most tables have no more.
const fewEnds = 16

// ends are those of a table that its parents take, but for delegations.
func (d *decision) ends(parents dialect.Parents, t *fact.Table) (out []end) {
	ways := d.waysTo(parents, t)
	for _, way := range ways[:min(len(ways), maxTaken/max(len(t.Routes), 1))] {
		out = slices.Grow(out, min(len(t.Routes), fewEnds))
		for i := range t.Routes {
			if t.Routes[i].Delegates {
				continue
			}
			if matchers, drop := way.Take(&t.Routes[i]); drop == nil {
				out = append(out, end{t, way, dialect.Place{Route: i, Matchers: matchers}})
			}
		}
	}
	return out
}
