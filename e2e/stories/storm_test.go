package stories

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/storm"
)

var (
	stormSeed     = flag.Uint64("seed", 0, "the seed of the storm; 0 for a new one")
	stormAdmitted = flag.Int("admitted", 600, "how many writes a storm must have admitted; make storm wants 2000")
	stormPlanted  = flag.Bool("planted", false, "plant bugs, which the storm must find")
	stormSeeds    = flag.Uint64("seeds", 1,
		"how many storms there are, of the seeds from -seed on; nine of ten must find a planted bug")
)

const (
	stormClients = 8
	// stormLag is the longest delay of the informers. The delay changes every stormLagInterval.
	stormLag, stormLagInterval = 3 * time.Second, 700 * time.Millisecond
	// stormMinimum is how long a storm lasts at least. The oracle judges the readiness gate only by
	// what it has seen for [storm.Lookback].
	stormMinimum = 2 * storm.Lookback
	// stormSettles is how long the tables may take to follow at the end.
	stormSettles = 30 * time.Second
)

// TestStorm has many clients write to a few apps at once, while informers lag and Aviary is
// restarted. An oracle with a model of its own looks for denials that no order of the requests
// explains, and for wrong routes.
func TestStorm(t *testing.T) {
	t.Parallel()
	forEachSeed(t, func(t *testing.T, seed uint64) {
		wrong, histories := runStorm(t, "", seed, *stormAdmitted)
		for _, w := range wrong {
			t.Error(w)
		}
		keepHistory(t, histories, t.Failed())
	})
}

// forEachSeed runs storms one after the other.
func forEachSeed(t *testing.T, run func(*testing.T, uint64)) {
	for i := range *stormSeeds {
		seed := *stormSeed
		if seed != 0 {
			seed += i
		}
		t.Run(fmt.Sprintf("storm %d", i+1), func(t *testing.T) { run(t, seed) })
	}
}

// plantedBugs are bugs, with a part of what the oracle must say of them.
var plantedBugs = map[string]struct {
	want string
	bugs []aviary.Bug
}{
	"live check off": {"was denied by", []aviary.Bug{
		{File: "webhook/decide.go", Text: "facts, c.readLive = c.live, true", By: "c.readLive = true"},
	}},
	"gate ignoring the primary": {"has no pod", []aviary.Bug{{
		File: "convention/gate.go", Text: "case primary != nil && !primary.Serves():", By: "case false:",
	}}},
	"live table not consulted": {"the live table speaks against it", []aviary.Bug{
		{
			File: "policy/judge/lost.go", Text: "case !c.appBefore.Live().Exists:", By: "case true:",
		},
		{File: "policy/judge/promotion.go", Text: "case !live.Exists:", By: "case true:"},
	}},
	"hand-over skipped": {"takes over from", []aviary.Bug{
		{File: "convention/primary.go", Text: "case p == nil, p == i,", By: "case true, p == nil, p == i,"},
	}},
}

// TestStormPlanted plants bugs in Aviary, which the oracle must find. It takes a build for each,
// so it only runs with -planted.
func TestStormPlanted(t *testing.T) {
	if !*stormPlanted {
		t.Skip("say -planted, or make storm")
	}
	for name, planted := range plantedBugs {
		t.Run(name, func(t *testing.T) {
			binary := filepath.Join(t.TempDir(), "aviary")
			if err := aviary.BuildWithBugs(t.Context(), binary, planted.bugs, testWriter{t}); err != nil {
				t.Fatal(err)
			}
			found := uint64(0)
			forEachSeed(t, func(t *testing.T, seed uint64) {
				if findPlanted(t, binary, seed, planted.want) {
					found++
				}
			})
			if t.Logf("found in %d of %d storms", found, *stormSeeds); found*10 < *stormSeeds*9 {
				t.Error("the oracle must find the planted bug, of ten times nine")
			}
		})
	}
}

// findPlanted reports whether the oracle says of a storm what it must.
func findPlanted(t *testing.T, binary string, seed uint64, want string) bool {
	t.Helper()
	wrong, histories := runStorm(t, binary, seed, min(1000, *stormAdmitted))
	keepHistory(t, histories, false)
	found := 0
	for _, w := range wrong {
		if strings.Contains(w, want) {
			if found++; found <= 3 {
				t.Logf("found: %s", w)
			}
		}
	}
	return found > 0
}
