package gloo

import (
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// Rooted implements dialect.Parents.
func (p *parents) Rooted() bool {
	return slices.ContainsFunc(p.all, func(t *fact.Table) bool { return !t.Led })
}

// Ring implements dialect.Parents. Gloo drops a route before it looks at where that leads, so only those count that
// whoever leads to them takes.
func (p *parents) Ring(t *fact.Table) (ring []route.ID, reached bool) {
	nodes := p.climb(t)
	self := nodes[0]
	if len(self.leads) == 0 {
		return nil, false
	}
	ways := p.to(t)
	f := follower{most: maxWays, seen: map[wayKey]struct{}{}}
	for _, w := range ways {
		f.follow(w.root, self, w)
	}
	if len(ways) == 0 {
		f.follow(nil, self, nil)
	}
	for n := 0; n < len(f.out); n++ {
		w := f.out[n]
		if slices.Contains(w.to, self) {
			return w.since(t), len(ways) > 0 || p.far[t] || !p.Rooted()
		}
		for _, next := range w.to {
			if !w.passes(next.table, t) {
				f.follow(w.root, next, w)
			}
		}
	}
	return nil, false
}

// since are the objects of the way from a table on, in order.
func (w *way) since(t *fact.Table) (out []route.ID) {
	for ; w != nil; w = w.up {
		if out = append(out, w.from.ID); w.from == t {
			break
		}
	}
	slices.Reverse(out)
	return out
}
