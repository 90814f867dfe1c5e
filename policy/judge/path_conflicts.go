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

// conflict is a path that the table of another namespace has as well, or has one above or beneath.
type conflict struct {
	field, relation string // relation: same, beneath (the other's), above (the other's)
	mine, theirs    route.Matcher
	at              string // the other's route
	other           *fact.Table
	root            route.ID
}

// conflicts finds them. Mostly no other table is near, so the ways of requests are followed only
// once one is.
func (d *decision) conflicts(ctx context.Context, t *fact.Table) ([]conflict, error) {
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	near := func(o *fact.Table) bool {
		if o.Namespace == t.Namespace || o.Terminating || d.kinds.Dialect(o.GroupKind).Name() != d.dialect.Name() {
			return false
		}
		if parents.Direct(o, t) {
			return false // who hands requests on to the table lets it have them
		}
		return len(d.meet(parents, t, o)) > 0
	}
	tables, err := d.after.TablesAt(ctx, keys(t), near)
	if err != nil {
		return nil, err
	}
	for _, key := range withMethods(t) {
		under, err := d.after.TablesUnder(ctx, key, near)
		if err != nil {
			return nil, err
		}
		tables = append(tables, under...)
	}
	slices.SortFunc(tables, func(a, b *fact.Table) int { return cmp.Compare(a.String(), b.String()) })
	tables = slices.CompactFunc(tables, func(a, b *fact.Table) bool { return a.ID == b.ID })
	var found []conflict
	for _, o := range tables {
		found = append(found, d.meet(parents, t, o)...)
	}
	return found, nil
}

func (d *decision) describeConflicts(found []conflict) []input.Conflict {
	var out []input.Conflict
	for _, c := range found[:min(len(found), maxNamed)] {
		out = append(out, input.Conflict{
			Field: c.field, Relation: c.relation, Path: c.mine.Path.String(), Theirs: c.theirs.Path.String(),
			Compatible: c.mine.Compatible(c.theirs),
			Ahead:      len(c.mine.Methods) > len(c.theirs.Methods),
			Methods:    c.mine.Methods,
			Table:      fmt.Sprintf("%s (%s)", d.name(c.other.ID), c.at),
			Owner:      c.other.Namespace,
			Under:      d.name(c.root),
		})
	}
	return out
}

// meet returns the conflicts that t's paths have with the other table: one for each of t's
// matchers, the closest.
func (d *decision) meet(parents dialect.Parents, t, o *fact.Table) []conflict {
	if len(d.waysTo(parents, t)) == 0 {
		return nil
	}
	var out []conflict
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Delegates {
			continue
		}
		for n, m := range r.Alternatives() {
			if c := d.closest(parents, t, o, r, m); c != nil {
				c.field = matcherField(r, n)
				out = append(out, *c)
			}
		}
	}
	return out
}

func (d *decision) closest(parents dialect.Parents, t, o *fact.Table, r *route.Route, m route.Matcher) *conflict {
	var best *conflict
	top := 0
	for i := range o.Routes {
		their := &o.Routes[i]
		if their.Delegates {
			continue
		}
		for _, om := range their.Alternatives() {
			relation, rank := relate(d.dialect.Semantics(), m, om)
			if rank <= top {
				continue
			}
			mine, theirs := end{t, r, m}, end{o, their, om}
			if root, ok := d.common(parents, mine, theirs); ok {
				top = rank
				best = &conflict{relation: relation, mine: m, theirs: om, at: their.Field, other: o, root: root}
			}
		}
	}
	return best
}

// relate tells how m's path stands to o's, and how much that matters; 0 if nothing is to be said of
// it. A path with methods counts even where the other's methods are different ones.
func relate(s route.Semantics, m, o route.Matcher) (relation string, rank int) {
	compatible := m.Compatible(o)
	switch stands := s.Relate(m, o); {
	case compatible && stands == route.Same:
		return "same", 4
	case compatible && stands == route.Beneath:
		return "beneath", 3
	case compatible && stands == route.Above && len(m.Methods) > len(o.Methods):
		return "above", 2
	case stands == route.Same && len(m.Methods) > 0:
		return "same", 1
	}
	return "", 0
}

// end is where requests come to: a route of a table, by one of its matchers.
type end struct {
	table   *fact.Table
	route   *route.Route
	matcher route.Matcher
}

// common returns the root from which requests may come to both.
func (d *decision) common(parents dialect.Parents, a, b end) (route.ID, bool) {
	for _, way := range d.waysTo(parents, a.table) {
		if !way.Admits(*a.route, a.matcher) {
			continue
		}
		for _, other := range d.waysTo(parents, b.table) {
			if other.Root == way.Root && other.Admits(*b.route, b.matcher) {
				return way.Root, true
			}
		}
	}
	return route.ID{}, false
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
