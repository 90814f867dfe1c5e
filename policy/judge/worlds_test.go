package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestRecordedWorlds judges worlds of which Gloo's own answers are known. What the rules say of a route must be so: one
// that Gloo drops is told, and none is called dropped, or unreached, that answered a request.
func TestRecordedWorlds(t *testing.T) {
	t.Parallel()
	j := judgeOf(t, policy.DefaultConfig())
	wrong, dropped := 0, 0
	glootest.EachWorld(t, func(w glootest.World) {
		store := inventory.NewStore()
		for _, f := range w.Facts(t) {
			store.Put(f)
		}
		said := map[string][]string{}
		for _, f := range store.All() {
			table, ok := f.(*fact.Table)
			if !ok {
				continue
			}
			found, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: table, Settled: true}, store)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range found {
				if what := claim(x); what != "" {
					_, after, _ := strings.Cut(x.Field, "routes[")
					index, _, _ := strings.Cut(after, "]")
					name := fmt.Sprintf("%s routes[%s]", table.Ref, index)
					said[name] = append(said[name], what)
				}
			}
		}
		for name, what := range said {
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
			if !slices.Contains(said[name], "dropped") {
				wrong++
				t.Errorf("%s: nobody is told that %s is dropped", w.ID, name)
			}
		}
		if wrong > 20 {
			t.Fatal("and more")
		}
	})
	t.Logf("%d dropped routes", dropped)
}

// claim is what a finding says of its route: that it is dropped, or that no request reaches it.
func claim(f policy.Finding) string {
	switch {
	case strings.Contains(f.Message, "Gloo drops the route"):
		return "dropped"
	case strings.Contains(f.Message, "no request reaches it"):
		return "unreached"
	}
	return ""
}
