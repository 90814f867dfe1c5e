package glooworld

import (
	"cmp"
	"maps"
	"slices"
)

// byWeight groups tables by weight, the lowest first; tables of a group stay in order.
func byWeight(tables []*routeTable) (out [][]*routeTable) {
	groups := map[int32][]*routeTable{}
	for _, t := range tables {
		groups[t.Spec.Weight] = append(groups[t.Spec.Weight], t)
	}
	for _, weight := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, groups[weight])
	}
	return out
}

// compareRoutes orders routes by their most specific matcher.
func compareRoutes(a, b flatRoute) int { return compareMatchers(mostSpecific(a), mostSpecific(b)) }

func mostSpecific(r flatRoute) Matcher {
	if len(r.Matchers) == 0 {
		return everything()
	}
	return slices.MinFunc(r.Matchers, compareMatchers)
}

// compareMatchers returns less than 0 if a comes first. Gloo 1.2x: the one with more methods; no path before
// an exact one, a regex, and a prefix at last; then the path that is later in the alphabet, which puts a path
// before its own beginnings. Headers and query parameters don't count.
func compareMatchers(a, b Matcher) int {
	kindA, textA := a.path()
	kindB, textB := b.path()
	return cmp.Or(cmp.Compare(len(b.Methods), len(a.Methods)), cmp.Compare(kindA, kindB), cmp.Compare(textB, textA))
}
