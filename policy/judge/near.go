package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// maxNear bounds how many tables are looked up at a time, and after how many that conflict no more are.
const maxNear = 100

// maxCompared bounds how many pairs of matchers are compared with tables of the own namespace. Conflicts with these are
// only warned of.
const maxCompared = 250_000

// near finds the tables with which one has conflicts. Each is looked at once.
type near struct {
	*decision
	table   *fact.Table
	mine    []end
	paths   []route.Path // of mine, each once
	parents dialect.Parents
	seen    map[*fact.Table]struct{}
	find    finder
	found   []conflict
	// may is fresh, as the questions ask it.
	may func(*fact.Table) bool
	// cut: a question was not asked to the end, since enough conflicts were found.
	cut bool
	// pairs were compared in the own namespace.
	pairs int
}

func (d *decision) newNear(ctx context.Context, parents dialect.Parents, t *fact.Table, mine []end, find finder) *near {
	n := &near{
		decision: d, table: t, mine: mine, paths: distinct(taken(mine)), parents: parents,
		seen: map[*fact.Table]struct{}{}, find: find,
	}
	n.may = func(o *fact.Table) bool { return ctx.Err() == nil && n.fresh(ctx, o) }
	return n
}

// all looks at the tables that have one of the paths, that have one in whose way one is, that have one in the way, and
// that may leave one nothing.
// Each has its own bound, so that no conflict of one sort hides behind those of another.
func (n *near) all(ctx context.Context) error {
	own, ways := n.keys()
	if err := n.at(ctx, own); err != nil {
		return err
	}
	if err := n.at(ctx, ways); err != nil {
		return err
	}
	for at, e := range n.mine {
		if n.cut || at == 0 || !sameEnd(e, n.mine[at-1]) { // else the same was asked, to the end
			n.cut = false
			for i := range e.place.Matchers {
				if err := n.beneath(ctx, e, &e.place.Matchers[i]); err != nil {
					return err
				}
			}
		}
	}
	if err := n.covering(ctx); err != nil {
		return err
	}
	if err := n.passed(ctx); err != nil {
		return err
	}
	slices.SortStableFunc(n.found, func(a, b conflict) int { return cmp.Compare(a.other.String(), b.other.String()) })
	return nil
}

// sameEnd reports whether the routes of two ends have one matcher each that differ in no more than in what the path is
// asked together with, and requests come to both by the same way.
func sameEnd(a, b end) bool {
	m, o := a.place.Matchers, b.place.Matchers
	return len(m) == 1 && len(o) == 1 && m[0].Path == o[0].Path && m[0].Path.Kind == route.Prefix &&
		len(m[0].Methods)+len(o[0].Methods) == 0 && a.way == b.way
}

// keys are those of the table's paths, and the other ones at which there may be a conflict.
func (n *near) keys() (own, others []string) {
	for _, p := range n.paths {
		if key := p.Key(); key != "" {
			own = append(own, key)
		}
	}
	slices.Sort(own)
	own = slices.Compact(own)
	others = slices.DeleteFunc(keys(n.paths), func(key string) bool { return slices.Contains(own, key) })
	return own, others
}

func (n *near) at(ctx context.Context, keys []string) error {
	return n.walk(ctx, func() ([]*fact.Table, error) { return n.after.TablesAt(ctx, keys, maxNear, n.may) })
}

// beneath looks at the tables of which a matcher may take requests, as it is tried before theirs.
func (n *near) beneath(ctx context.Context, e end, m *route.Matcher) error {
	u, takes := fact.Under{}, e.way.Picks
	switch {
	case m.Path.Kind == route.Regex, m.Path.Kind == route.Prefix && len(m.Methods) > 0:
		u.Begins = keyOfText(m.Path.Folded())
		takes = func(o *fact.Table) bool { return n.related(m, o) }
	case m.Path.Kind == route.Prefix && len(e.place.Matchers) > 1:
		// By another matcher the route may come before what it follows by this one, and its table by weight.
		u.Begins = keyOfText(m.Path.Value)
		takes = func(o *fact.Table) bool {
			if n.table.Order != o.Order && e.way.Picks(o) {
				return n.table.Order < o.Order
			}
			return n.mayLift(e, m, o)
		}
	case m.Path.Kind == route.Prefix:
		// Tried first, a prefix may take all that begins with its text.
		u.Begins, u.After = keyOfText(m.Path.Value), &n.table.Order
	default:
		return nil
	}
	may := func(o *fact.Table) bool {
		_, seen := n.seen[o]
		return !seen && takes(o) && n.may(o)
	}
	patterns := fact.Under{Begins: m.Path.PatternsUnder(), After: u.After}
	return cmp.Or(n.under(ctx, u, may), n.under(ctx, patterns, may))
}

// under looks at the tables of which a matcher takes something.
func (n *near) under(ctx context.Context, u fact.Under, may func(*fact.Table) bool) error {
	return n.walk(ctx, func() ([]*fact.Table, error) { return n.after.TablesUnder(ctx, u, maxNear, may) })
}

// walk looks at what a question finds, and asks it again for what it did not look at, until enough conflicts.
func (n *near) walk(ctx context.Context, ask func() ([]*fact.Table, error)) error {
	for conflicting := 0; conflicting < maxNear; {
		tables, err := ask()
		if err = cmp.Or(err, ctx.Err()); err != nil || len(tables) == 0 {
			return err
		}
		more, err := n.look(ctx, tables)
		if err != nil {
			return err
		}
		conflicting += more
	}
	n.cut = true
	return nil
}

// look compares the table with others, and returns with how many it has conflicts.
func (n *near) look(ctx context.Context, tables []*fact.Table) (conflicting int, err error) {
	for _, o := range tables {
		here, err := n.meet(ctx, n.find, n.mine, o, n.ends(n.parents, o))
		if err != nil {
			return conflicting, err
		}
		n.found = append(n.found, here...)
		if slices.ContainsFunc(here, func(c conflict) bool { return c.invited }) {
			conflicting++ // so that none hides behind those under others' roots
		}
	}
	return conflicting, nil
}

// tooMany reports whether the pairs with a table are beyond the bound.
func (n *near) tooMany(o *fact.Table) bool {
	if o.Namespace != n.table.Namespace {
		return false
	}
	n.pairs += toCompare(fact.CostOf(n.table)) * toCompare(fact.CostOf(o))
	n.uncompared = n.uncompared || n.pairs > maxCompared
	return n.pairs > maxCompared
}

// fresh reports whether a table that was not looked at may have a conflict. Who hands requests on to the table lets it
// have them.
func (n *near) fresh(ctx context.Context, o *fact.Table) bool {
	if _, ok := n.seen[o]; ok {
		return false
	}
	n.seen[o] = struct{}{}
	return o.ID != n.table.ID && !o.Terminating && n.kinds.Dialect(o.GroupKind).Name() == n.dialect.Name() &&
		!n.tooMany(o) && !n.parents.Direct(o, n.table) && n.touch(ctx, n.mine, n.ends(n.parents, o))
}
