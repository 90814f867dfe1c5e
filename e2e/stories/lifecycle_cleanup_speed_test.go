package stories

import (
	"flag"
	"fmt"
	"testing"
	"time"
)

// speedRounds is how often what is timed is done with each of its apps.
var speedRounds = flag.Int("rounds", 1,
	"how often stories of speed do with each app what they time; make speed wants 5")

const (
	cleanupApps   = 20
	cleanupTarget = time.Second
	cleanupLimit  = 5 * time.Second
)

// TestCleanupIsFast deletes a canary with traffic 20 times in each round and measures how long a route still
// names it: from the request to the watch event. It is not parallel, so that other stories don't
// distort the measurement.
func TestCleanupIsFast(t *testing.T) {
	s := begin(t, "cleanup-is-fast")
	record := s.record()
	app := func(i int) string { return fmt.Sprintf("app-%d", i) }
	half := func(name string) string {
		return fmt.Sprintf("stage=canary /%s: v2; /%s: v1 50, v2 50", name, name)
	}
	var first, second string
	for i := range cleanupApps {
		first += v("v1", "role=primary").of(app(i)).String()
		second += v("v2", "role=canary", "weight=50").of(app(i)).String()
	}
	s.apply(first).mustSucceed()
	var took []time.Duration
	for range *speedRounds {
		s.apply(second).mustSucceed()
		for i := range cleanupApps {
			s.waitTraffic(app(i), half(app(i)))
		}
		for i := range cleanupApps {
			began := time.Now()
			s.must(s.remove(t.Context(), "Deployment", app(i)+"-v2"))
			cleaned := record.waitFor(began, app(i)+" to route to v1 only", func(e event) bool {
				return e.object.GetName() == app(i)+"-routes" && !receivers(e.object)["v2"]
			})
			took = append(took, cleaned.arrived.Sub(began))
		}
	}
	p50, p99, worst := percentiles(took)
	t.Logf("a route is rid of a deleted canary after: p50 %s, p99 %s, at most %s (%d times; the target is %s)",
		p50, p99, worst, len(took), cleanupTarget)
	if p99 > cleanupLimit {
		t.Errorf("p99 is %s, must be below %s", p99, cleanupLimit)
	}
}
