package judge

import (
	"context"
	"slices"
	"time"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// Who leads to what is known by watches, which lag behind: of two roots that are deleted one after the other each would
// be let go on account of the other, and of one that is made just before the old one goes nobody would know. So what
// the answer rests on is looked at: those who keep routes, maxLooks of them, by a request each, and where something is
// cut off the object's namespace, in which a root is renamed. In lookFor there is an answer, or the first one stands.
const (
	maxLooks = 20
	lookFor  = 500 * time.Millisecond
)

// kept remembers on account of whom a route to which the object led goes on getting requests: of each root one way is
// enough.
func (c *cutting) kept(by, now []dialect.Way) {
	if !slices.ContainsFunc(by, c.leads) || slices.ContainsFunc(now, c.leads) {
		return
	}
	var roots []route.ID
	for _, w := range now {
		if slices.Contains(roots, w.Root()) {
			continue
		}
		roots = append(roots, w.Root())
		for _, t := range w.Through() {
			c.keepers[t.ID] = struct{}{}
		}
	}
}

// leads reports whether the object is on the way.
func (c *cutting) leads(w dialect.Way) bool {
	return slices.ContainsFunc(w.Through(), func(t *fact.Table) bool { return t.ID == c.old.ID })
}

// lookAgain looks at what was not looked at yet, and reports whether anything is otherwise than in the world, in which
// it then is as it is.
func (c *cutting) lookAgain(ctx context.Context, world *fact.Reader, cutOff bool) (news bool) {
	if c.request.Look == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, lookFor)
	defer cancel()
	if c.looked == nil {
		c.looked = map[route.ID]struct{}{c.old.ID: {}}
	}
	for _, id := range c.unlooked() {
		now, err := c.request.Look.Table(ctx, id)
		if c.looked[id] = struct{}{}; err == nil && c.differs(*world, id, now) {
			*world, news = replaced(*world, id, now), true
		}
	}
	if !cutOff || news || c.listed {
		return news
	}
	c.listed = true
	all, err := c.request.Look.TablesIn(ctx, c.old.Namespace)
	for n := 0; err == nil && n < len(all) && len(c.looked) <= 2*maxLooks; n++ {
		id := all[n].ID
		if _, known := c.looked[id]; !known && all[n].Parent != nil && c.differs(*world, id, all[n]) {
			c.looked[id] = struct{}{}
			*world, news = replaced(*world, id, all[n]), true
		}
	}
	return news
}

// unlooked are the keepers that were not looked at, in order, as many as may be.
func (c *cutting) unlooked() (out []route.ID) {
	for id := range c.keepers {
		if _, known := c.looked[id]; !known {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b route.ID) int {
		switch {
		case a.Ref.Less(b.Ref):
			return -1
		case b.Ref.Less(a.Ref):
			return 1
		}
		return 0
	})
	return out[:max(0, min(len(out), maxLooks+1-len(c.looked)))]
}

// differs reports whether a parent leads to other tables now than the world says, or for other domains.
func (c *cutting) differs(world fact.Reader, id route.ID, now *fact.Table) bool {
	known := world.Parent(id)
	if known == nil || now == nil {
		return known != nil || now != nil
	}
	return known.Terminating != now.Terminating || !leadsAsBefore(known, now)
}

func replaced(world fact.Reader, id route.ID, now *fact.Table) fact.Reader {
	if now == nil {
		return inventory.Overlay{Reader: world, ID: id}
	}
	return inventory.Overlay{Reader: world, ID: id, Now: now}
}
