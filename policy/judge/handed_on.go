package judge

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// handing compares the world before and after a change of what a table leads to.
type handing struct {
	now, before *decision
	// parents and were are what leads to tables in each.
	parents, were dialect.Parents
	out           []input.Handed
	woken         []input.Woken
}

// handedOn describes the paths at which tables get requests by the change of a parent that tables of other namespaces
// have, and the faults of tables that get some. Of very many such tables only the first are looked at for their paths.
func (d *decision) handedOn(ctx context.Context) ([]input.Handed, []input.Woken, error) {
	now := tableOf(d.request.New)
	if d.request.Operation == Audit || parent(now) == nil {
		return nil, nil, nil
	}
	old, leads := d.wholeOld(), *now
	if old != nil && old.Order == now.Order && maps.Equal(old.Labels, now.Labels) {
		if sameWays(parent(old), now.Parent) {
			return nil, nil, nil
		}
		leads.Parent = now.Parent.Beyond(parent(old))
	}
	h := &handing{now: d, before: d.asBefore(ctx, old)}
	var err error
	if h.parents, err = d.parents(); err != nil {
		return nil, nil, err
	}
	if h.were, err = h.before.parents(); err != nil {
		return nil, nil, err
	}
	under, err := h.parents.Under(ctx, &leads)
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(under, func(a, b *fact.Table) int { return cmp.Compare(a.String(), b.String()) })
	for looked, n := 0, 0; n < len(under) && err == nil; n++ {
		err = cmp.Or(h.wakes(ctx, under[n]), ctx.Err())
		if err != nil || looked == maxNear || len(h.out) >= maxNamed {
			continue
		}
		if ends := h.news(under[n]); len(ends) > 0 {
			looked++
			err = h.look(ctx, under[n], ends)
		}
	}
	return h.out, h.woken, err
}

// comesBy is a route of a table, and by which root and with which conditions requests come to it.
type comesBy struct {
	route    int
	root     route.ID
	matchers string
}

func comesTo(e end) comesBy {
	return comesBy{e.place.Route, e.way.Root(), fmt.Sprintf("%#v", e.place.Matchers)}
}

// news are the routes of a table to which requests come with other conditions, or from another root, than before.
func (h *handing) news(t *fact.Table) []end {
	had := map[comesBy]struct{}{}
	for _, e := range h.before.ends(h.were, t) {
		had[comesTo(e)] = struct{}{}
	}
	return slices.DeleteFunc(h.now.ends(h.parents, t), func(e end) bool {
		_, ok := had[comesTo(e)]
		return ok
	})
}

// taking are the relations in which a path gets requests that another namespace's would.
var taking = []relation{same, takes, lifted, beneath, within, undecided}

func (h *handing) look(ctx context.Context, t *fact.Table, ends []end) error {
	found, err := h.now.conflictsOf(ctx, h.parents, t, ends)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(c conflict) bool { return !slices.Contains(taking, c.relation) })
	if len(found) == 0 {
		return nil
	}
	had, err := h.before.conflictsOf(ctx, h.were, t, h.before.ends(h.were, t))
	for _, c := range found {
		known := func(b conflict) bool {
			b.root = c.root // whichever it was under
			return c.like(b)
		}
		if slices.ContainsFunc(had, known) {
			continue
		}
		h.out = append(h.out, input.Handed{
			To: h.now.name(t.ID), Served: h.served(c), Conflict: h.now.describeConflicts([]conflict{c})[0],
		})
	}
	return err
}

// served reports whether the other table got requests from the root before.
func (h *handing) served(c conflict) bool {
	return slices.ContainsFunc(h.before.ends(h.were, c.other), func(e end) bool { return e.way.Root() == c.root })
}
