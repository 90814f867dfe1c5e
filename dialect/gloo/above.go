package gloo

import (
	"slices"

	"aviary.dev/fact"
)

// maxAbove bounds how many parents of a table are asked who leads to them.
const maxAbove = 1000

// node is a table to which requests come, or one of those that lead to it.
type node struct {
	table *fact.Table
	// leads are those of its routes by which requests come to that table, in order.
	leads []*lead
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
	out := []*node{{table: t}}
	known := map[*fact.Table]*node{t: out[0]}
	for n := 0; n < len(out) && n <= maxAbove; n++ {
		for _, by := range p.pick(out[n].table) {
			from, ok := known[by.from]
			if !ok {
				from = &node{table: by.from}
				known[by.from] = from
				out = append(out, from)
			}
			from.leadTo(by.index, out[n])
		}
	}
	straighten(out)
	p.climbed = out
	return out
}

// leadTo adds a table to which a route leads. Mostly routes are added in order.
func (n *node) leadTo(index int, to *node) {
	to.by++
	at := len(n.leads)
	for at > 0 && n.leads[at-1].index > index {
		at--
	}
	if at == 0 || n.leads[at-1].index != index {
		n.leads = slices.Insert(n.leads, at, &lead{index: index})
		at++
	}
	n.leads[at-1].to = append(n.leads[at-1].to, to)
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
