package inventory

import (
	"maps"
	"slices"
)

// distinct bounds how many different subsets are compared with.
const distinct = 8

// compact lets the destinations of a table share the maps of equal subsets: each route names the same few versions, and
// the maps would be a third of what a store weighs. It returns the table.
func (t *Table) compact() *Table {
	var seen []map[string]string
	for i := range t.Routes {
		for k := range t.Routes[i].Destinations {
			d := &t.Routes[i].Destinations[k]
			if len(d.Subset) == 0 {
				continue
			}
			same := slices.IndexFunc(seen, func(m map[string]string) bool { return maps.Equal(m, d.Subset) })
			switch {
			case same >= 0:
				d.Subset = seen[same]
			case len(seen) < distinct:
				seen = append(seen, d.Subset)
			}
		}
	}
	return t
}
