package gloo

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
)

// chainOf are the lines of a root and of so many tables, each of which leads to the next.
func chainOf(tables int) []string {
	lines := []string{"root: t0"}
	for i := range tables {
		lines = append(lines, fmt.Sprintf("t%d: t%d", i, i+1))
	}
	return lines
}

// TestWays: a way leads through each table once, whatever leads to itself above, beside and below.
func TestWays(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lines []string
		want  []string
	}{
		"Chain":      {[]string{"root: a", "a: b", "b: x", "x: e"}, []string{"b a root"}},
		"Diamond":    {[]string{"root: a, b", "a: x", "b: x", "x: e"}, []string{"a root", "b root"}},
		"Triangle":   {[]string{"root: a, x", "a: x", "x: e"}, []string{"root", "a root"}},
		"RingAbove":  {[]string{"root: a", "a: b", "b: a, x", "x: e"}, []string{"b a root"}},
		"RingBeside": {[]string{"root: a", "a: b, x", "b: a", "x: e"}, []string{"a root"}},
		"RingBelow":  {[]string{"root: a", "a: x", "x: e", "e: x"}, []string{"a root"}},
		"Itself":     {[]string{"root: x", "x: x"}, []string{"root"}},
		"Unrooted":   {[]string{"root: a", "b: x", "x: e"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, by := web(t, tc.lines...)
			var got []string
			for _, way := range p.Ways(by["x"]) {
				var through []string
				for _, from := range way.Through() {
					through = append(through, from.Name)
				}
				got = append(got, strings.Join(through, " "))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("Ways(): -want +got\n%s", diff)
			}
		})
	}
}

// TestCutShort: tables that lead to each other very often take no way from what a root leads to, and what is left out
// is told. A few times less nothing is.
func TestCutShort(t *testing.T) {
	t.Parallel()
	for times, want := range map[int]bool{999: false, 1001: true} {
		t.Run(fmt.Sprint(times), func(t *testing.T) {
			t.Parallel()
			all := make([]string, 10)
			for i := range all {
				all[i] = fmt.Sprintf("b%d", i)
			}
			lines := []string{"root: mid", "mid: x", "x: e"}
			for _, name := range all {
				lines = append(lines, name+": x, "+strings.TrimSuffix(strings.Repeat(strings.Join(all, ", ")+", ", times), ", "))
			}
			p, by := web(t, lines...)
			ways := p.Ways(by["x"])
			if len(ways) != 1 || len(ways[0].Through()) != 2 {
				t.Errorf("%d ways to the table, must be one, by root and mid", len(ways))
			}
			if far := p.Far(by["x"]); far != want {
				t.Errorf("ways are left out: %t", far)
			}
		})
	}
}

// TestBelow: what a table leads to, also as it was before, when it is not among the parents any more.
func TestBelow(t *testing.T) {
	t.Parallel()
	p, by := web(t, "root: a", "a: b", "b: c, a", "c: x", "d: x")
	_, was := web(t, "root: d")
	for name, tc := range map[string]struct {
		of   *fact.Table
		want string
	}{
		"Ring": {by["a"], "a b c"}, "End": {by["c"], ""}, "All": {by["root"], "a b c"}, "Was": {was["root"], "d"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			below := p.Below(tc.of)
			var got []string
			for _, name := range []string{"a", "b", "c", "d"} {
				if below(by[name]) {
					got = append(got, name)
				}
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("Below(): -want +got\n%s", diff)
			}
		})
	}
}

// TestLongChain: what a look at one table takes grows with its distance from the root, and no faster: twice the chain
// takes four times as much in all. It is counted, since times depend on the machine, and so is not parallel.
func TestLongChain(t *testing.T) { //nolint:paralleltest // allocations are counted
	allocs := func(depth int) float64 {
		_, by := web(t, chainOf(depth)...)
		all := []*fact.Table{by["root"]}
		for i := range depth {
			all = append(all, by[fmt.Sprintf("t%d", i)])
		}
		return testing.AllocsPerRun(1, func() { lookAlong(t, all) })
	}
	if short, long := allocs(200), allocs(400); long > 5*short {
		t.Errorf("%.0f allocations for a chain, and %.0f for one of twice the length", short, long)
	}
	p, by := web(t, chainOf(20)...)
	for _, n := range p.climb(by["t19"]) {
		if n.mayRepeat() {
			t.Errorf("%s is in no ring, so no way need be walked back to see whether it came there", n.table.Name)
		}
	}
}

// lookAlong looks at each table of a chain, from the root on.
func lookAlong(t *testing.T, all []*fact.Table) {
	t.Helper()
	known := newPickers(all)
	for i, table := range all[1:] {
		p := newParents(all, nil)
		p.known = known
		if ring, _ := p.Ring(table); len(ring) > 0 {
			t.Fatalf("a ring: %v", ring)
		}
		if ways := p.Ways(table); len(ways) != 1 || len(ways[0].Through()) != i+1 {
			t.Fatalf("%d ways to %s", len(ways), table.Name)
		}
	}
	last := all[len(all)-1]
	if p := newParents(all, nil); p.Far(last) {
		t.Error("the end is too far")
	}
	if !newParents(all, nil).Below(all[0])(last) {
		t.Error("the root does not lead to the end")
	}
}

// TestParentsInOrder: a store has no order, and an audit says the same each time.
func TestParentsInOrder(t *testing.T) {
	t.Parallel()
	p, by := web(t, "root: x", "c: x", "a: x", "b: x", "x: e")
	for range 20 {
		rand.Shuffle(len(p.all), func(i, k int) { p.all[i], p.all[k] = p.all[k], p.all[i] })
		var got []string
		for _, picker := range ordered(p.all).(*pickers).of(by["x"]) {
			got = append(got, picker.from.Name)
		}
		if diff := cmp.Diff("a b c root", strings.Join(got, " ")); diff != "" {
			t.Fatalf("-want +got\n%s", diff)
		}
	}
}

// TestBeyond: what a change adds to what a table leads to, wherever it stands.
func TestBeyond(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ was, now, want string }{
		"Nothing":   {"root: a, b", "root: a, b", ""},
		"First":     {"root: a, b", "root: c, a, b", "c"},
		"Between":   {"root: a, b", "root: a, c, b", "c"},
		"Another":   {"root: a, b, c", "root: a, c", ""},
		"Order":     {"root: a, b, c", "root: c, a, b", ""},
		"ItsPath":   {"root: a, b", "root: a x, b", "a"},
		"Replaced":  {"root: a, b", "root: c, b", "c"},
		"AllAreNew": {"", "root: a, b", "a b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, now := web(t, tc.now)
			var was fact.Parent
			if tc.was != "" {
				_, by := web(t, tc.was)
				was = by["root"].Parent
			}
			var got []string
			for _, d := range now["root"].Parent.Beyond(was).(delegations) {
				got = append(got, d.to.Name)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("Beyond(): -want +got\n%s", diff)
			}
		})
	}
}

// TestShares: a root that delegates very often takes no ways from another one, though those are longer.
func TestShares(t *testing.T) {
	t.Parallel()
	often := make([]string, maxWays)
	for i := range often {
		often[i] = fmt.Sprintf("x p%d", i)
	}
	p, by := web(t, "root: "+strings.Join(often, ", "), "root-own: a", "a: b", "b: x", "x: e")
	ways := map[string]int{}
	for _, w := range p.Ways(by["x"]) {
		ways[w.Root().Name]++
	}
	if want := map[string]int{"root": maxWays / 2, "root-own": 1}; !maps.Equal(want, ways) {
		t.Errorf("ways from each root: %v, want %v", ways, want)
	}
	if !p.Far(by["x"]) {
		t.Error("it must be known that there are more")
	}
}

// TestFar: what is not followed is not taken to lead nowhere.
func TestFar(t *testing.T) {
	t.Parallel()
	p, by := web(t, chainOf(maxAbove+10)...)
	if end := by[fmt.Sprintf("t%d", maxAbove+9)]; len(p.Ways(end)) > 0 || !p.Far(end) {
		t.Errorf("%d ways to the end, far: %t", len(p.Ways(end)), p.Far(end))
	}
	if p.Far(by["t9"]) {
		t.Error("the tenth is too far")
	}
}
