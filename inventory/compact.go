package inventory

import (
	"maps"
	"slices"

	"aviary.dev/route"
)

// distinct bounds how many different subsets and upstreams are compared with.
const distinct = 8

// compact lets the destinations of a table share what is equal in them: each route names the same few versions of the same
// upstream, and their maps and texts would be half of what a store weighs.
func (t *Table) compact() {
	var subsets []map[string]string
	var upstreams []route.Ref
	for i := range t.Routes {
		for k := range t.Routes[i].Destinations {
			d := &t.Routes[i].Destinations[k]
			if len(d.Subset) > 0 {
				d.Subset, subsets = shared(d.Subset, subsets, maps.Equal)
			}
			d.Upstream, upstreams = shared(d.Upstream, upstreams, func(a, b route.Ref) bool { return a == b })
			if d.Weight != nil && *d.Weight >= 0 && *d.Weight < int64(len(weights)) {
				d.Weight = &weights[*d.Weight]
			}
		}
	}
}

// shared gives the equal one among those seen, else the value itself, which is seen from now on.
func shared[T any](value T, seen []T, equal func(a, b T) bool) (T, []T) {
	if i := slices.IndexFunc(seen, func(s T) bool { return equal(s, value) }); i >= 0 {
		return seen[i], seen
	}
	if len(seen) < distinct {
		seen = append(seen, value)
	}
	return value, seen
}

// weights are the numbers that nearly all weights point to.
var weights = func() (all [101]int64) {
	for i := range all {
		all[i] = int64(i)
	}
	return all
}()
