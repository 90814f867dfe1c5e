package route

import (
	"iter"
	"slices"
	"strings"
)

// fewRoutes is how many routes are compared with each other faster than by an index.
const fewRoutes = 16

// coverIndex finds the routes of a table that may cover a matcher, so that each route of a large
// table is compared with few others. A matcher covers another only if its path is a part of the
// other's from its start on, whatever the dialect says of case and of a slash at the end. Of a
// regular expression it is the text that all it fits begins with.
type coverIndex struct {
	routes  int
	all     []int            // of a small table
	byPath  map[string][]int // routes in their order, by the folded path of one of their matchers
	lengths []int            // of the keys, ascending
	efforts int              // of routes with regular expressions, until now
}

// afford reports whether two routes can be compared: those with regular expressions until it has taken too much effort.
func (x *coverIndex) afford(a, b *Route) bool {
	for _, m := range a.Alternatives() {
		if m.patterned() {
			x.efforts += effort(m, m) * len(b.Alternatives())
		}
	}
	return x.efforts <= maxRest
}

// smallIndexes are those of the routes of a small table. Nobody writes to them.
var smallIndexes = [fewRoutes]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// newCoverIndex reads the matchers of a table's routes; of a small table nothing.
func newCoverIndex(t Table) *coverIndex {
	x := &coverIndex{routes: len(t.Routes)}
	if x.routes <= fewRoutes {
		x.all = smallIndexes[:x.routes]
		return x
	}
	x.byPath = make(map[string][]int, x.routes)
	for i := range t.Routes {
		for _, m := range t.Routes[i].Alternatives() {
			for _, part := range m.Path.parts() {
				key := folded(part.Folded())
				if at := x.byPath[key]; len(at) == 0 || at[len(at)-1] != i {
					x.byPath[key] = append(at, i)
				}
			}
		}
	}
	for key := range x.byPath {
		if n, found := slices.BinarySearch(x.lengths, len(key)); !found {
			x.lengths = slices.Insert(x.lengths, n, len(key))
		}
	}
	return x
}

// sorted returns the indexes of those routes, each once and in order.
func (x *coverIndex) sorted(m Matcher) []int {
	if x.byPath == nil {
		return x.all
	}
	return slices.Compact(slices.Sorted(x.covering(m)))
}

// covering yields the indexes of all routes that may cover m, and others; not in their order, and some twice.
func (x *coverIndex) covering(m Matcher) iter.Seq[int] {
	return func(yield func(int) bool) {
		if x.byPath == nil {
			for i := range x.routes {
				if !yield(i) {
					return
				}
			}
			return
		}
		for _, part := range m.Path.parts() {
			if !x.beginning(folded(part.Folded()), yield) {
				return
			}
		}
	}
}

// beginning yields the routes with a path that this one begins with, and reports whether more are asked for.
func (x *coverIndex) beginning(path string, yield func(int) bool) bool {
	for _, n := range x.lengths {
		if n > len(path) {
			break
		}
		for _, i := range x.byPath[path[:n]] {
			if !yield(i) {
				return false
			}
		}
	}
	return true
}

// folded returns a path without what dialects disagree on.
func folded(path string) string { return strings.TrimRight(strings.ToLower(path), "/") }
