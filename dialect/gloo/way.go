package gloo

import (
	"fmt"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// way is one chain of delegations, from a VirtualService down to a route that delegates. A VirtualService stands for
// its domains and its listener: what two of them reach never meets.
type way struct {
	*delegation
	// root is the VirtualService, from the object with the route, up the way to that object: nil for the root itself.
	root, from *fact.Table
	up         *way
	// matcher is what requests fulfil that come this way.
	matcher route.Matcher
	// inheritsPath and inherits hold for routes of the tables below that say nothing.
	inheritsPath, inherits route.Inherit
}

// maxWays bounds how many are followed to one table, the shortest first.
const maxWays = 1_000

// to returns the ways by which Gloo comes to a table. A route that it drops, or can't delegate by, leads nowhere.
func (p *parents) to(t *fact.Table) []*way {
	if known, ok := p.ways[t]; ok {
		return known
	}
	f := follower{leads: map[*fact.Table][]int{}, seen: map[wayKey]struct{}{}}
	above := f.climb(p, t)
	for _, from := range above {
		if from.GroupKind == VirtualServiceKind.GroupKind() && !from.Terminating {
			f.follow(from, from, nil)
		}
	}
	for n := 0; n < len(f.out); n++ {
		for _, next := range above {
			if w := f.out[n]; w.picks(next) && !w.passes(next) {
				f.follow(w.root, next, w)
			}
		}
	}
	out := slices.DeleteFunc(f.out, func(w *way) bool { return !w.picks(t) || w.passes(t) })
	p.ways[t] = out
	return out
}

// maxAbove bounds how many parents of a table are asked who leads to them.
const maxAbove = 1000

// follower follows delegations down to a table, through those that are above it.
type follower struct {
	// leads are the indexes of those delegations of an object by which requests come to the table; nil for all.
	leads map[*fact.Table][]int
	out   []*way
	seen  map[wayKey]struct{}
}

// climb returns the parents that lead to a table, by any number of others, the nearest first.
func (f *follower) climb(p *parents, t *fact.Table) []*fact.Table {
	var out []*fact.Table
	seen := map[*fact.Table]struct{}{t: {}}
	for n := 0; n <= len(out) && n <= maxAbove; n++ {
		at := t
		if n > 0 {
			at = out[n-1]
		}
		for _, by := range p.pick(at) {
			f.leads[by.from] = append(f.leads[by.from], by.index)
			if _, ok := seen[by.from]; !ok {
				seen[by.from] = struct{}{}
				out = append(out, by.from)
			}
		}
	}
	for from, list := range f.leads {
		slices.Sort(list)
		f.leads[from] = slices.Compact(list)
	}
	return out
}

func (f *follower) follow(root, from *fact.Table, up *way) {
	all := of(from)
	if f.leads == nil {
		for i := range all {
			f.add(&all[i], root, from, up)
		}
	}
	for _, i := range f.leads[from] {
		f.add(&all[i], root, from, up)
	}
}

func (f *follower) add(d *delegation, root, from *fact.Table, up *way) {
	if len(f.out) == maxWays {
		return
	}
	w := &way{delegation: d, root: root, from: from, up: up, inheritsPath: d.inheritsPath, inherits: d.inherits}
	if w.enter() && f.first(w) {
		f.out = append(f.out, w)
	}
}

// enter reads what the route comes to below its parent, and reports whether Gloo takes it.
func (w *way) enter() bool {
	matcher, ok := w.own()
	if up := w.up; up != nil {
		w.inheritsPath, w.inherits = w.inheritsPath.Or(up.inheritsPath), w.inherits.Or(up.inherits)
		taken, drop := up.take(&route.Route{Matchers: w.matchers, InheritsPath: w.inheritsPath, Inherits: w.inherits})
		if drop != nil || len(taken) != 1 {
			return false
		}
		matcher, ok = leading(taken[0])
	}
	w.matcher = matcher
	return ok
}

// wayKey is what makes two ways the same: the route that delegates, and what is handed down by it.
type wayKey struct {
	root                   *fact.Table
	delegation             *delegation
	inheritsPath, inherits route.Inherit
	handed                 string
}

// first reports whether no way like this one has been followed: two teams may lead to a third in the same way.
func (f *follower) first(w *way) bool {
	key := wayKey{root: w.root, delegation: w.delegation, inheritsPath: w.inheritsPath, inherits: w.inherits}
	if w.up != nil && (w.inheritsPath == route.Yes || w.inherits == route.Yes) {
		key.handed = fmt.Sprint(w.matcher)
	}
	_, seen := f.seen[key]
	f.seen[key] = struct{}{}
	return !seen
}

// passes reports whether the way comes through the table. Gloo refuses to enter it again.
func (w *way) passes(t *fact.Table) bool {
	for ; w != nil; w = w.up {
		if w.from == t {
			return true
		}
	}
	return false
}

// below are the parents that a table leads to, whatever Gloo makes of its routes, and itself.
func (p *parents) below(t *fact.Table) []*fact.Table {
	out := []*fact.Table{t}
	for n := 0; n < len(out); n++ {
		for _, o := range p.all {
			if !slices.Contains(out, o) && p.Direct(out[n], o) {
				out = append(out, o)
			}
		}
	}
	return out
}
