package route

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// The index leaves out no route that covers a matcher, in tables small and large.
func TestCoverIndexIsComplete(t *testing.T) {
	t.Parallel()
	paths := []string{"", "/", "/a", "/A", "/a/", "/a/b", "/ab", "/a/b/", "/B", "a", "/ä", "/Ä/"}
	random := rand.New(rand.NewPCG(1, 2))
	matcher := func() Matcher {
		m := Matcher{CaseInsensitive: random.IntN(3) == 0}
		if kind := PathKind(random.IntN(5)); kind != NoPath {
			m.Path = Path{kind, paths[random.IntN(len(paths))]}
		}
		return m
	}
	covered := 0
	for _, size := range []int{3, fewRoutes, fewRoutes + 1, 60} {
		for range 200 {
			table := Table{Routes: make([]Route, size)}
			for i := range table.Routes {
				for range random.IntN(3) {
					table.Routes[i].Matchers = append(table.Routes[i].Matchers, matcher())
				}
			}
			x, o := newCoverIndex(table), matcher()
			found := slices.Collect(x.covering(o))
			for i, r := range table.Routes {
				if !slices.ContainsFunc(r.Alternatives(), func(m Matcher) bool { return m.Covers(o) }) {
					continue
				}
				covered++
				if !slices.Contains(found, i) {
					t.Errorf("%+v covers %+v and is not among %v", r.Alternatives(), o, found)
				}
			}
		}
	}
	if covered < 1000 {
		t.Errorf("only %d routes cover one, too few to show anything", covered)
	}
}

// A route of a large table is compared with those whose paths its own begins with.
func TestCoverIndexIsNarrow(t *testing.T) {
	t.Parallel()
	table := distinct(1000)
	found := slices.Collect(newCoverIndex(table).covering(table.Routes[12].Matchers[0]))
	if !slices.Equal(found, []int{1, 12}) {
		t.Errorf("found %v, want /1 and /12", found)
	}
}

// Of an expression the routes of each choice are found.
func TestCoverIndexOfChoices(t *testing.T) {
	t.Parallel()
	found := slices.Sorted(newCoverIndex(distinct(1000)).covering(Matcher{Path: Path{Regex, "/(3|7)"}}))
	if !slices.Equal(found, []int{3, 7}) {
		t.Errorf("found %v, want /3 and /7", found)
	}
}

// Who has found a route is not given another, in tables small and large.
func TestCoverIndexStops(t *testing.T) {
	t.Parallel()
	for _, n := range []int{fewRoutes, fewRoutes + 1} {
		table := distinct(n)
		table.Routes[1] = table.Routes[0]
		x, found := newCoverIndex(table), 0
		if large := x.byPath != nil; large != (n > fewRoutes) {
			t.Errorf("an index of paths for %d routes: %t", n, large)
		}
		for range x.covering(Matcher{Path: Path{Regex, "/(0|3)/.*"}}) {
			found++
			break
		}
		if found != 1 {
			t.Errorf("%d of %d routes found", found, n)
		}
	}
}

// Of several routes that take all of another's requests the first is told, be its path long or short, in a table of any
// size.
func TestFirstOfSeveral(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, fewRoutes} {
		for name, paths := range map[string][]string{"ShortFirst": {"/a", "/a/b"}, "LongFirst": {"/a/b", "/a"}} {
			var table Table
			for _, path := range append(paths, "/a/b/c") {
				m := Matcher{Path: Path{Prefix, path}}
				table.Routes = append(table.Routes, Route{Matchers: []Matcher{m}, Action: path})
			}
			table.Routes = append(table.Routes, distinct(size).Routes...)
			var by []int
			for _, o := range table.Obstacles(AsWritten{}) {
				if o.Route == 2 {
					by = append(by, o.By)
				}
			}
			if !slices.Equal(by, []int{0}) {
				t.Errorf("%s with %d others: shadowed by %v, want the first route", name, size, by)
			}
		}
	}
}

// distinct returns a table of n routes with prefixes of their own.
func distinct(n int) Table {
	table := Table{Routes: make([]Route, n)}
	for i := range table.Routes {
		table.Routes[i] = Route{Matchers: []Matcher{{Path: Path{Prefix, fmt.Sprint("/", i)}}}, Action: "redirect"}
	}
	return table
}

func BenchmarkObstacles(b *testing.B) {
	for _, n := range []int{10, 2000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			table := distinct(n)
			for b.Loop() {
				table.Obstacles(AsWritten{})
			}
		})
	}
}
