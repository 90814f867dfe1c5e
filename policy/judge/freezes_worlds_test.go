package judge_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestFreezesWorlds holds what is refused for others' sake to what Gloo's own code did with the same objects: every
// world that froze, or whose routes Envoy refuses, must be refused, and no other may be for that.
func TestFreezesWorlds(t *testing.T) {
	t.Parallel()
	j := judgeOf(t, policy.DefaultConfig())
	counts := map[string][3]int{} // worlds, refused, refused by the rule itself
	glootest.EachWorld(t, func(w glootest.World) {
		denied, freezes := judgeWorld(t, j, w)
		classes := []string{"neither"}
		if len(w.Gloo.FrozenVirtualServices) > 0 || w.Gloo.EnvoyConstraintViolations > 0 {
			classes = slices.DeleteFunc(append(w.Class, "all"), func(c string) bool {
				return c != "all" && !strings.HasPrefix(c, "frozen") && !strings.HasPrefix(c, "envoy-refused")
			})
			if len(denied) == 0 {
				t.Errorf("%s %v: nothing is refused", w.ID, w.Class)
			}
		} else if len(freezes) > 0 {
			t.Errorf("%s %v: Gloo serves it, and it is refused: %s", w.ID, w.Class, strings.Join(freezes, "\n\t"))
		}
		for _, class := range classes {
			c := counts[class]
			c[0]++
			c[1] += min(1, len(denied))
			c[2] += min(1, len(freezes))
			counts[class] = c
		}
	})
	for _, class := range slices.Sorted(maps.Keys(counts)) {
		c := counts[class]
		t.Logf("%-30s %4d worlds, %4d refused, %4d by freezes-others", class, c[0], c[1], c[2])
	}
}

// judgeWorld judges each object as an audit of files does, and returns what refuses one: of all rules, and of
// freezes-others.
func judgeWorld(t *testing.T, j *judge.Judge, w glootest.World) (denied, freezes []string) {
	t.Helper()
	store := inventory.NewStore()
	for _, f := range w.Facts(t) {
		store.Put(f)
	}
	for _, f := range store.All() {
		found, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: f}, store)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			if x.Mode != policy.ModeDeny {
				continue
			}
			text := fmt.Sprintf("%s: %s", f.Identity(), x)
			if denied = append(denied, text); x.Rule == "freezes-others" {
				freezes = append(freezes, text)
			}
		}
	}
	return denied, freezes
}
