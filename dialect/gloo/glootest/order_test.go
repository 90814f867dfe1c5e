package glootest_test

import (
	"testing"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
)

// TestRecordedOrder holds the order in which routes are tried to the one that Gloo made.
func TestRecordedOrder(t *testing.T) {
	t.Parallel()
	worlds, roots, differ := 0, 0, 0
	glootest.EachWorld(t, func(w glootest.World) {
		store := inventory.NewStore()
		for _, f := range w.Facts(t) {
			store.Put(f)
		}
		parents, err := gloo.Dialect{}.Parents(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		compared, err := w.CompareOrder(t.Context(), parents, store.All())
		if err != nil {
			t.Fatal(err)
		}
		worlds, roots = worlds+1, roots+compared.Of
		for _, text := range compared.Differ {
			if differ++; differ <= 5 {
				t.Errorf("%s: %s", w.ID, text)
			}
		}
	})
	t.Logf("of %d VirtualServices in %d worlds %d differ", roots, worlds, differ)
	if differ > 0 || roots == 0 {
		t.Errorf("%d VirtualServices differ", differ)
	}
}
