package gloo

import (
	"cmp"
	"slices"

	"aviary.dev/fact"
)

// maxAbove bounds how many parents of a table are asked who leads to them, and maxLeads how many routes that lead to
// parents are followed. Beyond, only those of roots are.
const maxAbove, maxLeads = 1000, 100_000

// node is a table to which requests come, or one of those that lead to it.
type node struct {
	table *fact.Table
	// leads are those of its routes by which requests come to that table, in order.
	leads []lead
	// by counts the routes that lead to this one: in the end only of a table that leads to itself, or to which one does.
	by int
}

// lead is a route that delegates, by its index among those of its table, and where it leads to.
type lead struct {
	index int
	to    []*node
}

// climb returns the table and what leads to it, by any number of others, the nearest first. It asks about each once.
func (p *parents) climb(t *fact.Table) []*node {
	if len(p.climbed) > 0 && p.climbed[0].table == t {
		return p.climbed
	}
	out, pick, followed := []*node{{table: t}}, p.pick, 0
	known := map[*fact.Table]*node{t: out[0]}
	p.cut = false
	for n := 0; n < len(out) && n <= maxAbove; n++ {
		leads := pick(out[n].table)
		if n > 0 {
			followed += len(leads)
		}
		if followed > maxLeads && !p.cut {
			p.cut, pick = true, p.roots().of
			leads = pick(out[n].table)
		}
		for _, by := range leads {
			from, ok := known[by.from]
			if !ok {
				from = &node{table: by.from}
				known[by.from] = from
				out = append(out, from)
			}
			from.leadTo(by.index, out[n])
		}
	}
	for _, n := range out {
		n.order()
	}
	straighten(out)
	p.climbed = out
	return out
}

// leadTo adds a table to which a route leads.
func (n *node) leadTo(index int, to *node) {
	to.by++
	if last := len(n.leads) - 1; last >= 0 && n.leads[last].index == index {
		n.leads[last].to = append(n.leads[last].to, to)
		return
	}
	n.leads = append(n.leads, lead{index, []*node{to}})
}

// order puts the leads in order, and makes one of those of one route. Mostly they were added so.
func (n *node) order() {
	byIndex := func(a, b lead) int { return cmp.Compare(a.index, b.index) }
	if slices.IsSortedFunc(n.leads, byIndex) {
		return
	}
	slices.SortStableFunc(n.leads, byIndex)
	kept := n.leads[:1]
	for _, l := range n.leads[1:] {
		if last := &kept[len(kept)-1]; last.index == l.index {
			last.to = append(last.to, l.to...)
		} else {
			kept = append(kept, l)
		}
	}
	n.leads = kept
}

// straighten counts down by from what nothing leads to. Only tables that lead to themselves keep some, and those to
// which these lead.
func straighten(all []*node) {
	var free []*node
	for _, n := range all {
		if n.by == 0 {
			free = append(free, n)
		}
	}
	for i := 0; i < len(free); i++ {
		for _, l := range free[i].leads {
			for _, to := range l.to {
				if to.by--; to.by == 0 {
					free = append(free, to)
				}
			}
		}
	}
}

// mayRepeat reports whether a way may come to it a second time.
func (n *node) mayRepeat() bool { return n.by > 0 }
