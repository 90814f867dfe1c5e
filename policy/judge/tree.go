package judge

import (
	"slices"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// tree is a VirtualService with all delegations that lead on from it. It stands for its domains and its listener: what
// two trees reach never meets.
type tree struct {
	root     *inventory.Table
	branches []*route.Delegate
}

// trees follows the delegations of every VirtualService down through the tables that delegate further.
func trees(parents []*inventory.Table) []tree {
	var out []tree
	var tables []*inventory.Table
	for _, p := range parents {
		if p.Kind == gloo.KindRouteTable {
			tables = append(tables, p)
		}
	}
	for _, p := range parents {
		if p.Kind == gloo.KindVirtualService && !p.Terminating {
			out = append(out, follow(p, tables))
		}
	}
	return out
}

func follow(root *inventory.Table, tables []*inventory.Table) tree {
	t := tree{root: root}
	for i := range root.Delegates {
		t.branches = append(t.branches, &root.Delegates[i])
	}
	seen := map[*inventory.Table]struct{}{} // tables may delegate in a circle
	for n := 0; n < len(t.branches); n++ {
		d := t.branches[n]
		for _, p := range tables {
			if _, ok := seen[p]; ok || !d.Picks(p.Ref, p.Labels) {
				continue
			}
			seen[p] = struct{}{}
			for _, below := range p.Delegates {
				below.InheritsPath, below.Inherits = below.InheritsPath.Or(d.InheritsPath), below.Inherits.Or(d.Inherits)
				t.branches = append(t.branches, &below)
			}
		}
	}
	return t
}

// leadsTo reports whether a delegation picks the table.
func (t tree) leadsTo(table *inventory.Table) bool {
	return slices.ContainsFunc(t.branches, func(d *route.Delegate) bool { return d.Picks(table.Ref, table.Labels) })
}

// reaches reports whether requests that fit the matcher of the table's route come to it.
func (t tree) reaches(table *inventory.Table, r route.Route, m route.Matcher) bool {
	for _, d := range t.branches {
		if d.Picks(table.Ref, table.Labels) && d.Admits(r, m) {
			return true
		}
	}
	return false
}
