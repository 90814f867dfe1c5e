package judge_test

import (
	"slices"
	"testing"
)

// TestRecordedWorlds judges worlds of which Gloo's own answers are known. What the rules say of a route must be so: one
// that Gloo drops is told, and none is called dropped, or unreached, that answered a request.
func TestRecordedWorlds(t *testing.T) {
	t.Parallel()
	wrong, dropped := 0, 0
	for _, w := range recordedWorlds(t) {
		for name, what := range w.said {
			switch {
			case slices.Contains(w.Gloo.Reached, name):
				wrong++
				t.Errorf("%s: %s answered a request, and is said to be %s", w.ID, name, what)
			case slices.Contains(what, "dropped") != slices.Contains(w.Gloo.Dropped, name):
				wrong++
				t.Errorf("%s: %s is said to be %s", w.ID, name, what)
			}
		}
		for _, name := range w.Gloo.Dropped {
			dropped++
			if !slices.Contains(w.said[name], "dropped") {
				wrong++
				t.Errorf("%s: nobody is told that %s is dropped", w.ID, name)
			}
		}
		if wrong > 20 {
			t.Fatal("and more")
		}
	}
	t.Logf("%d dropped routes", dropped)
}
