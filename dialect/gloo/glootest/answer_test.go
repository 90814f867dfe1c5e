package glootest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
)

// TestRecordedAnswers holds what answers a request, and with which shares, to what Gloo's routes answered.
func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	probes, differ := 0, 0
	glootest.EachWorld(t, func(w glootest.World) {
		store := inventory.NewStore()
		for _, f := range w.Facts(t) {
			store.Put(f)
		}
		m, err := glootest.NewModel(t.Context(), store, store.All())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range w.Gloo.Probes {
			probes++
			got, err := m.Answer(t.Context(), p.Request)
			if err != nil {
				t.Fatal(w.ID, err)
			}
			if got.Same(p.Answer) && got.SameShares(p.Answer) {
				continue
			}
			if differ++; differ <= 5 {
				t.Errorf("%s %v, %+v: -Gloo +dialect:\n%s", w.ID, w.Class, p.Request, cmp.Diff(p.Answer, got))
			}
		}
	})
	t.Logf("of %d answers %d differ", probes, differ)
	if differ > 0 || probes == 0 {
		t.Errorf("%d answers differ", differ)
	}
}
