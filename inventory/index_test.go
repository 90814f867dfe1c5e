package inventory

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestIndexIsASetOfPairs adds and removes pairs, beside a plain set of them.
func TestIndexIsASetOfPairs(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	x, want := index[int, int]{}, map[int]map[int]bool{}
	for range 5000 {
		key, value := random.IntN(5), 1+random.IntN(4) // 0 is no value
		if want[key] == nil {
			want[key] = map[int]bool{}
		}
		if random.IntN(2) == 0 {
			x.add(value, []int{key})
			want[key][value] = true
		} else {
			x.remove(value, []int{key})
			delete(want[key], value)
		}
		got := slices.Sorted(slices.Values(x.list(key)))
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want[key])), got); diff != "" || x.count(key) != len(want[key]) {
			t.Fatalf("%d values, -want +got:\n%s", x.count(key), diff)
		}
		if _, kept := x[key]; kept != (len(want[key]) > 0) {
			t.Fatal("a key without values must go")
		}
	}
}
