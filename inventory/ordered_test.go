package inventory

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"aviary.dev/fact"
)

// TestOrderedIsASortedSet adds and removes tables, beside a plain set of them.
func TestOrderedIsASortedSet(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var tables []*fact.Table
	for i := range 8 {
		table := &fact.Table{}
		table.Name, table.Order = fmt.Sprint(7-i), int32(i%3-1)
		tables = append(tables, table)
	}
	var lock sync.RWMutex
	x, want := ordered[string]{}, map[*fact.Table]bool{}
	for range 5000 {
		table := tables[random.IntN(len(tables))]
		if want[table] {
			x.remove(table, []string{"key"})
		} else {
			x.add(table, []string{"key"})
		}
		want[table] = !want[table]
		for _, order := range []*int32{nil, &tables[0].Order, &tables[1].Order} {
			var of []*fact.Table
			for _, other := range tables {
				if want[other] && (order == nil || other.Order == *order) {
					of = append(of, other)
				}
			}
			slices.SortFunc(of, func(a, b *fact.Table) int {
				return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Name, b.Name))
			})
			var must, is []string
			for _, other := range of {
				must = append(must, other.Name)
			}
			err := x.each(t.Context(), &lock, "key", order, func(other *fact.Table) bool {
				is = append(is, other.Name)
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(must, is) || order == nil && x.count("key") != len(must) {
				t.Fatalf("%v, must be %v", is, must)
			}
		}
		if _, kept := x["key"]; kept != (x.count("key") > 0) {
			t.Fatal("a key without tables must go")
		}
	}
}
