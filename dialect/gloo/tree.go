package gloo

import "aviary.dev/fact"

// tree is a VirtualService with all delegations that lead on from it. It stands for its domains and its listener: what
// two trees reach never meets.
type tree struct {
	root     *fact.Table
	branches []*delegation
}

// trees follows the delegations of every VirtualService down through the tables that delegate further.
func trees(parents []*fact.Table) []tree {
	var out []tree
	for _, p := range parents {
		if p.GroupKind == VirtualServiceKind.GroupKind() && !p.Terminating {
			out = append(out, follow(p, parents))
		}
	}
	return out
}

func follow(root *fact.Table, parents []*fact.Table) tree {
	t := tree{root: root}
	for i, all := 0, of(root); i < len(all); i++ {
		t.branches = append(t.branches, &all[i])
	}
	seen := map[*fact.Table]struct{}{} // tables may delegate in a circle
	for n := 0; n < len(t.branches); n++ {
		d := t.branches[n]
		for _, p := range parents {
			if _, ok := seen[p]; ok || !d.picks(p) {
				continue
			}
			seen[p] = struct{}{}
			for _, below := range of(p) {
				below.inheritsPath, below.inherits = below.inheritsPath.Or(d.inheritsPath), below.inherits.Or(d.inherits)
				t.branches = append(t.branches, &below)
			}
		}
	}
	return t
}

// leading returns the delegations that pick the table.
func (t tree) leading(table *fact.Table) []*delegation {
	var out []*delegation
	for _, d := range t.branches {
		if d.picks(table) {
			out = append(out, d)
		}
	}
	return out
}
