package glootest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
)

// TestRecordedDrops holds the ways to tables, and what Gloo drops by them, to what Gloo did.
func TestRecordedDrops(t *testing.T) {
	t.Parallel()
	worlds, differ := 0, 0
	glootest.EachWorld(t, func(w glootest.World) {
		worlds++
		store := inventory.NewStore()
		for _, f := range w.Facts(t) {
			store.Put(f)
		}
		parents, err := gloo.Dialect{}.Parents(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		want := drops{Dropped: w.Gloo.Dropped, Unreached: w.Gloo.UnreachedTables, By: map[string]string{}}
		for _, d := range w.Gloo.DroppedBy {
			want.By[d.Route+" by "+d.Parent] = d.For
		}
		got := drops{By: map[string]string{}}
		for _, f := range store.All() {
			if table, ok := f.(*fact.Table); ok && table.Led {
				got.add(table, parents.Ways(table))
			}
		}
		if diff := cmp.Diff(want.in(), got.in()); diff != "" {
			if differ++; differ <= 5 {
				t.Errorf("%s: -Gloo +dialect:\n%s", w.ID, diff)
			}
		}
	})
	if differ > 0 {
		t.Errorf("%d of %d worlds differ", differ, worlds)
	}
}

// drops are what Gloo leaves out of a world: routes, tables that it never enters, and each route by each parent, why.
type drops struct {
	Dropped, Unreached []string
	By                 map[string]string
}

func (d *drops) add(table *fact.Table, ways []dialect.Way) {
	if len(ways) == 0 {
		d.Unreached = append(d.Unreached, table.Ref.String())
	}
	for i := range table.Routes {
		name, n := fmt.Sprintf("%s routes[%d]", table.Ref, i), 0
		for _, way := range ways {
			if _, drop := way.Take(&table.Routes[i]); drop != nil {
				n++
				at := drop.Field[strings.LastIndex(drop.Field, "routes["):]
				d.By[fmt.Sprintf("%s by %s %s", name, drop.Parent.Ref, at)] = string(drop.For)
			}
		}
		if n > 0 && n == len(ways) {
			d.Dropped = append(d.Dropped, name)
		}
	}
}

// in puts the lists in order.
func (d *drops) in() *drops {
	slices.Sort(d.Dropped)
	slices.Sort(d.Unreached)
	d.Dropped, d.Unreached = append([]string{}, d.Dropped...), append([]string{}, d.Unreached...)
	return d
}
