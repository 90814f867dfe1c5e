package stories

import (
	"fmt"
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	cleanupApps, cleanupRounds = 20, 5
	cleanupTarget              = time.Second
	cleanupLimit               = 5 * time.Second
)

// TestCleanupIsFast deletes a canary with traffic 100 times and measures how long a route still
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
	for range cleanupRounds {
		s.apply(second).mustSucceed()
		for i := range cleanupApps {
			s.waitTraffic(app(i), half(app(i)))
		}
		for i := range cleanupApps {
			began := time.Now()
			if err := s.objects.Resource(gvr("deployments")).Namespace(s.namespace).Delete(t.Context(), app(i)+"-v2", metav1.DeleteOptions{}); err != nil {
				t.Fatal(err)
			}
			cleaned := record.waitFor(began, app(i)+" to be rid of v2", func(e event) bool {
				return e.object.GetName() == app(i)+"-routes" && !receivers(e.object)["v2"]
			})
			took = append(took, cleaned.arrived.Sub(began))
		}
	}
	slices.Sort(took)
	p50, p99, worst := took[len(took)/2], took[len(took)*99/100-1], took[len(took)-1]
	t.Logf("a deleted canary with traffic is out of the route after: p50 %s, p99 %s, at most %s (%d times; the aim is %s)",
		p50.Round(time.Millisecond), p99.Round(time.Millisecond), worst.Round(time.Millisecond), len(took), cleanupTarget)
	if p99 > cleanupLimit {
		t.Errorf("p99 is %s, must be below %s", p99, cleanupLimit)
	}
}
