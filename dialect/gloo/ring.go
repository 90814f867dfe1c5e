package gloo

import (
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// maxSteps bounds how many times it is asked whether a delegation picks a table before a ring is no longer looked for.
const maxSteps = 1_000_000

// Rooted implements dialect.Parents.
func (p *parents) Rooted() bool {
	return slices.ContainsFunc(p.all, func(t *fact.Table) bool { return !t.Led && !t.Terminating })
}

// Ring implements dialect.Parents. Gloo drops a route before it looks at where that leads, so only those count that
// whoever leads to them takes.
func (p *parents) Ring(t *fact.Table) (ring []route.ID, reached bool) {
	if !t.Led || len(of(t)) == 0 {
		return nil, false
	}
	ways := p.to(t)
	f := follower{seen: map[wayKey]struct{}{}}
	for _, w := range ways {
		f.follow(w.root, t, w)
	}
	if len(ways) == 0 {
		f.follow(nil, t, nil)
	}
	steps := 0
	for n := 0; n < len(f.out); n++ {
		w := f.out[n]
		if w.picks(t) {
			return w.since(t), len(ways) > 0 || !p.Rooted()
		}
		for _, next := range p.all {
			if steps++; steps > maxSteps {
				return nil, false
			}
			if w.picks(next) && !slices.Contains(w.since(t), next.ID) {
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
