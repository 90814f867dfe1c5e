package judge_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestFreezesWorlds holds what is refused for others' sake to what Gloo's own code did with the same objects: every
// world that froze, or whose routes Envoy refuses, must be refused, and no other may be for that.
func TestFreezesWorlds(t *testing.T) {
	t.Parallel()
	counts := map[string][3]int{} // worlds, refused, refused by the rule itself
	for _, w := range recordedWorlds(t) {
		classes := []string{"neither"}
		if w.holds() {
			classes = slices.DeleteFunc(append(slices.Clone(w.Class), "all"), func(c string) bool {
				return c != "all" && !strings.HasPrefix(c, "frozen") && !strings.HasPrefix(c, "envoy-refused")
			})
			if len(w.denied) == 0 {
				t.Errorf("%s %v: nothing is refused", w.ID, w.Class)
			}
		} else if len(w.freezes) > 0 {
			t.Errorf("%s %v: Gloo serves it, and it is refused: %s", w.ID, w.Class, strings.Join(w.freezes, "\n\t"))
		}
		for _, class := range classes {
			c := counts[class]
			c[0]++
			c[1] += min(1, len(w.denied))
			c[2] += min(1, len(w.freezes))
			counts[class] = c
		}
	}
	for _, class := range slices.Sorted(maps.Keys(counts)) {
		c := counts[class]
		t.Logf("%-30s %4d worlds, %4d refused, %4d by freezes-others", class, c[0], c[1], c[2])
	}
}
