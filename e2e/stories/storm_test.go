package stories

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/storm"
)

var (
	stormSeed     = flag.Uint64("seed", 0, "the seed of the storm; 0 for a new one")
	stormAdmitted = flag.Int("admitted", 1000, "how many writes a storm must have admitted; make storm wants 2000")
	stormPlanted  = flag.Bool("planted", false, "plant bugs, which the storm must find")
)

const (
	stormClients = 8
	// stormLag is the longest delay of the informers. The delay changes every stormLagInterval.
	stormLag, stormLagInterval = 3 * time.Second, 700 * time.Millisecond
	// stormMinimum is how long a storm lasts at least. The oracle judges the readiness gate only by
	// what it has seen for [storm.Lookback].
	stormMinimum = 2 * storm.Lookback
)

// TestStorm has many clients write to a few apps at once, while informers lag and Aviary is
// restarted. An oracle with a model of its own looks for denials that no order of the requests
// explains, and for wrong routes.
func TestStorm(t *testing.T) {
	t.Parallel()
	wrong := runStorm(t, "", *stormAdmitted)
	for _, w := range wrong {
		t.Error(w)
	}
}

// TestStormPlanted plants bugs in Aviary, which the oracle must find. It takes two builds, so it
// only runs with -planted.
func TestStormPlanted(t *testing.T) {
	if !*stormPlanted {
		t.Skip("say -planted, or make storm")
	}
	for name, bug := range map[string]struct{ file, text, by, want string }{
		"live check off": {
			"webhook/decide.go", "facts, c.readLive = c.live, true", "c.readLive = true", "was denied by",
		},
		"gate ignoring the primary": {
			"convention/gate.go", "if primary != nil && !primary.Serves() {", "if false {", "has no pod",
		},
	} {
		t.Run(name, func(t *testing.T) {
			binary := filepath.Join(t.TempDir(), "aviary")
			if err := aviary.BuildWithBug(t.Context(), binary, bug.file, bug.text, bug.by, testWriter{t}); err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, w := range runStorm(t, binary, min(1000, *stormAdmitted)) {
				if strings.Contains(w, bug.want) {
					if found++; found <= 3 {
						t.Logf("found: %s", w)
					}
				}
			}
			if found == 0 {
				t.Error("the oracle must find the planted bug")
			}
		})
	}
}
