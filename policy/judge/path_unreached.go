package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// maxPassed bounds how many own routes of a parent are compared with those of a table to which it leads.
const maxPassed = 1000

// covering looks at tables with paths that may cover the table's. Anybody can have such a path, tried later, so only
// the first ones that may come first are looked at.
func (n *near) covering(ctx context.Context) error {
	tables, err := n.after.TablesAt(ctx, beginnings(n.paths), maxNear, n.may)
	if err = cmp.Or(err, ctx.Err()); err != nil {
		return err
	}
	_, err = n.look(ctx, tables)
	return err
}

// passed looks at the own routes of what leads requests to the table. They are its author's business, but where one is
// tried first and leaves a route of the table nothing, that is told.
func (n *near) passed(ctx context.Context) error {
	seen := map[*fact.Table]struct{}{}
	for at, e := range n.mine {
		if at > 0 && e.way == n.mine[at-1].way {
			continue
		}
		for _, from := range e.way.Through() {
			if _, known := seen[from]; known || from.ID != e.way.Root() && !n.parents.Direct(from, n.table) {
				continue
			}
			seen[from] = struct{}{}
			own := n.ends(n.parents, from)
			here, err := n.meet(ctx, n.covered, n.mine, from, own[:min(len(own), maxPassed)])
			if err = cmp.Or(err, ctx.Err()); err != nil {
				return err
			}
			n.found = append(n.found, here...)
		}
	}
	return nil
}

// rootConflicts describes the own routes of an object to which nothing leads that get nothing because of a table to
// which it leads before. What else it takes from those is its author's business.
func (d *decision) rootConflicts(ctx context.Context, t *fact.Table) ([]input.Conflict, error) {
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	n := d.newNear(ctx, parents, t, d.ends(parents, t), d.covered)
	err = n.covering(ctx)
	return d.describeConflicts(n.found), err
}

// covered returns how a matcher of a table gets nothing because of another table's route: by all ways from the root on
// which the matcher's route is tried. Where it may get something there is no relation.
func (d *decision) covered(
	ctx context.Context, mine []end, a end, n int, o *fact.Table, theirs []end,
) (conflict, error) {
	out, err := d.cover(ctx, a, n, o, theirs)
	if out.relation == "" || err != nil || len(d.ways[a.table]) > maxFollowed {
		return conflict{}, err
	}
	for _, x := range mine {
		if x.way.Root() != a.way.Root() || x.place.Route != a.place.Route {
			continue
		}
		if also, err := d.cover(ctx, x, n, o, theirs); also.relation == "" || err != nil {
			return conflict{}, err
		}
	}
	return out, nil
}

// cover finds a matcher of another table that covers the one, and is tried before it.
func (d *decision) cover(ctx context.Context, a end, n int, o *fact.Table, theirs []end) (conflict, error) {
	for _, b := range theirs {
		if a.way.Root() != b.way.Root() {
			continue
		}
		for k := range b.place.Matchers {
			if !d.dialect.Semantics().Covers(b.place.Matchers[k], a.place.Matchers[n]) {
				continue
			}
			before, err := b.way.Before(ctx, b.place, a.way, a.place)
			if before || err != nil {
				return between(unreached, pair{a, n, b, k}, o), err
			}
		}
	}
	return conflict{}, nil
}

// mayBeUnreached reports whether the other's matcher may be found to cover the table's. It asks for no other tables.
func (d *decision) mayBeUnreached(p pair) bool {
	if !d.dialect.Semantics().Covers(p.b.place.Matchers[p.k], p.a.place.Matchers[p.n]) {
		return false
	}
	switch mine, theirs := p.a.table.Order, p.b.table.Order; {
	case !p.a.way.Beside(p.b.way):
		return true
	case mine != theirs:
		return theirs < mine
	}
	return sortedFirst(p.b.way, p.b.place.Matchers, p.a.place.Matchers)
}

// The bounds of the beginnings by which the tables are found that may cover paths: how long one is, in bytes, and how
// many there are. The shorter ones are kept.
const (
	maxBeginning  = 100
	maxBeginnings = 2000
)

// beginnings are the keys of all paths of which the text begins one of these.
func beginnings(paths []route.Path) []string {
	var texts, keys []string
	for _, p := range paths {
		if p.Key() != "" {
			texts = append(texts, keyOfText(p.Folded()))
		}
	}
	slices.Sort(texts)
	last := ""
	for _, text := range texts {
		for n := shared(last, text) + 1; n <= min(len(text), maxBeginning); n++ {
			keys = append(keys, route.Path{Kind: route.Prefix, Value: text[:n]}.Key())
		}
		last = text
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	keys = slices.Compact(keys)
	return keys[:min(len(keys), maxBeginnings)]
}

// shared is how many bytes two texts begin with that are the same.
func shared(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
