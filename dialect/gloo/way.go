package gloo

import (
	"cmp"
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
	// to are the tables above the one in question to which it leads, or that one.
	to []*node
	// length counts the routes that delegate, on the way and this one.
	length int
	// matcher is what requests fulfil that come this way.
	matcher route.Matcher
	// inheritsPath and inherits hold for routes of the tables below that say nothing.
	inheritsPath, inherits route.Inherit
}

// maxWays bounds how many are followed to one table, with their beginnings, the shortest first. The namespaces with
// roots share them, and the roots of a namespace share its part, so that who delegates a thousand times, or has a
// thousand roots, leaves the others theirs. A root has at least minWays.
const maxWays, minWays = 1_000, 50

// shares returns how many ways are followed from each root of a namespace.
func shares(roots []*node) map[string]int {
	out := map[string]int{}
	for _, root := range roots {
		out[root.table.Namespace]++
	}
	spaces := len(out)
	for namespace, n := range out {
		out[namespace] = max(maxWays/spaces/n, minWays)
	}
	return out
}

// to returns the ways by which Gloo comes to a table. A route that it drops, or can't delegate by, leads nowhere.
func (p *parents) to(t *fact.Table) []*way {
	if known, ok := p.ways[t]; ok {
		return known
	}
	nodes := p.climb(t)
	roots := slices.DeleteFunc(slices.Clone(nodes[1:]), func(n *node) bool {
		return n.table.GroupKind != VirtualServiceKind.GroupKind()
	})
	var out []*way
	far, share := p.cut || len(nodes) > maxAbove, shares(roots)
	for _, root := range roots {
		f := follower{most: share[root.table.Namespace], seen: map[wayKey]struct{}{}}
		f.follow(root.table, root, nil)
		out = append(out, f.down(nodes[0])...)
		far = far || len(f.out) == f.most
	}
	slices.SortStableFunc(out, func(a, b *way) int { return cmp.Compare(a.length, b.length) })
	p.ways[t], p.far[t] = out, far
	return out
}

// follower follows delegations from one root down to a table, through those that are above it.
type follower struct {
	out  []*way
	most int
	seen map[wayKey]struct{}
}

// down follows what it has so far, and returns the ways that end at the table.
func (f *follower) down(end *node) (out []*way) {
	for n := 0; n < len(f.out); n++ {
		w := f.out[n]
		for _, next := range w.to {
			switch {
			case next.mayRepeat() && w.passes(next.table, nil):
			case next == end:
				out = append(out, w)
			default:
				f.follow(w.root, next, w)
			}
		}
	}
	return out
}

func (f *follower) follow(root *fact.Table, from *node, up *way) {
	all := of(from.table)
	for _, l := range from.leads {
		f.add(&all[l.index], root, from.table, up, l.to)
	}
}

func (f *follower) add(d *delegation, root, from *fact.Table, up *way, to []*node) {
	if len(f.out) == f.most {
		return
	}
	w := &way{
		delegation: d, root: root, from: from, up: up, to: to, length: 1,
		inheritsPath: d.inheritsPath, inherits: d.inherits,
	}
	if up != nil {
		w.length += up.length
	}
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

// passes reports whether the way comes through the table; of one that comes through since as well, after that. Gloo
// refuses to enter it again.
func (w *way) passes(t, since *fact.Table) bool {
	for ; w != nil; w = w.up {
		if w.from == t {
			return true
		}
		if w.from == since {
			break
		}
	}
	return false
}
