package stories

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"
)

// tries is how often each pair of steps is taken.
var tries = flag.Int("times", 25, "how often TestLagging takes each pair of steps")

// atOnce is how many apps are handled in parallel.
const atOnce = 6

// Pairs of steps. The first one alone makes the second one right, or wrong.
const (
	deleteRouted  = "a RouteTable that names v4, then DELETE of v4"
	deleteLeft    = "a RouteTable moved off v3, then DELETE of v3"
	promote       = "weight 100 set on v2, then role primary"
	deleteOld     = "v2 made primary at 100, then DELETE of v1"
	routeToNew    = "Deployment v5, then a RouteTable that names it"
	deleteRetired = "retire set on v5, then DELETE of v2"
	takePath      = "DELETE of another namespace's RouteTable, then one with its path"
)

// testLaggingPairs takes pairs of steps quickly, while Aviary's caches have seen neither.
func testLaggingPairs(t *testing.T, p *plane, name string, lag func()) {
	began := time.Now()
	spaces := make([]direct, max(1, *tries/2))
	inParallel(len(spaces), atOnce, func(i int) { spaces[i] = beginDirect(t, p, fmt.Sprintf("%s-%d", name, i)) })
	owner := beginDirect(t, p, name+"-owner")
	owner.check(owner.create(domain(name, append(spaces, owner))))
	inParallel(*tries, atOnce, func(i int) {
		q, app := spaces[i%len(spaces)], fmt.Sprintf("app-%d", i)
		q.check(q.create(manifestsOf(
			v("v1", "role=primary").of(app), v("v2", "role=canary", "weight=50").of(app),
			v("v3", "role=standby").of(app), v("v4", "role=standby").of(app),
		) + q.tableTo("old-"+app, app, "v3")))
		q.check(q.setAvailable(app+"-v1", app+"-v2"))
		owner.check(owner.create(owner.tableTo("taken-"+app, app, "")))
	})
	for i := range *tries {
		app := fmt.Sprintf("app-%d", i)
		spaces[i%len(spaces)].waitTraffic(app, strings.ReplaceAll(halfToV2, "echo", app))
	}
	spaces[0].waitCaches()
	t.Logf("%d apps exist after %s", *tries, time.Since(began).Round(time.Millisecond))

	lag()
	began = time.Now()
	c := newVerdictCounts()
	inParallel(*tries, atOnce, func(i int) { c.tryPairs(spaces[i%len(spaces)], owner, fmt.Sprintf("app-%d", i)) })
	t.Logf("each pair of steps was taken %d times in %s", *tries, time.Since(began).Round(time.Millisecond))
	// The leader's watch lags, too, so the table may not have followed.
	for _, what := range []string{promote, deleteOld} {
		t.Logf("%s: %d times, %d denials; %d times without a verdict in time",
			what, c.tried[what], c.denied[what], c.slow[what])
		byTable := c.first[what] == nil || strings.Contains(c.first[what].Error(), "still gives")
		if c.tried[what] != *tries || c.failed[what] > 0 || !byTable {
			t.Errorf("%s: tried %d times, failed %d; denials must be by the table, the first: %v",
				what, c.tried[what], c.failed[what], c.first[what])
		}
	}
	for _, what := range []string{routeToNew, deleteRouted, deleteLeft, deleteRetired, takePath} {
		want := 0
		if what == deleteRouted {
			want = *tries
		}
		t.Logf("%s: %d times, %d denials, must be %d; %d times without a verdict in time",
			what, c.tried[what], c.denied[what], want, c.slow[what])
		if c.tried[what] != *tries || c.denied[what] != want || c.failed[what] > 0 {
			t.Errorf("%s: tried %d times, denied %d (must be %d), failed %d; the first: %v",
				what, c.tried[what], c.denied[what], want, c.failed[what], c.first[what])
		}
	}
}

// tryPairs takes all pairs of steps with one app. Namespace owner has the path /taken-<app>.
func (c *verdictCounts) tryPairs(q, owner direct, app string) {
	q.check(q.create(q.tableTo("late-"+app, app, "v4")))
	c.count(deleteRouted, func() error {
		err := q.delete("deployments", app+"-v4")
		if err != nil && denied(err) && !strings.Contains(err.Error(), "late-"+app) {
			q.Errorf("%s must be refused because of it: %v", deleteRouted, err)
		}
		return err
	})

	q.check(q.moveTable("old-"+app, "v4"))
	c.count(deleteLeft, func() error { return q.delete("deployments", app+"-v3") })

	q.check(q.annotate(app+"-v2", "weight=100"))
	c.count(promote, func() error { return q.annotate(app+"-v2", "role=primary") })
	c.count(deleteOld, func() error { return q.delete("deployments", app+"-v1") })

	q.check(q.create(v("v5", "role=standby").of(app).String()))
	c.count(routeToNew, func() error { return q.create(q.tableTo("new-"+app, app, "v5")) })

	q.check(q.annotate(app+"-v5", "retire=true"))
	c.count(deleteRetired, func() error { return q.delete("deployments", app+"-v2") })

	owner.check(owner.delete("routetables", "taken-"+app))
	c.count(takePath, func() error { return q.create(q.tableTo("taken-"+app, app, "v5")) })
}

// waitCaches waits until Aviary's informers have seen everything up to now: until it has written
// the siblings of a new app, and has restored them after they were deleted.
func (q direct) waitCaches() {
	q.Helper()
	q.check(q.create(v("v1", "role=primary").of("marker").String()))
	q.waitTraffic("marker", "/marker: v1")
	for _, x := range siblingsOf("marker") {
		q.check(q.delete(x.resource, x.name))
		q.eventually(x.resource+" to be restored", func() error {
			_, err := q.get(x.resource, x.name)
			return err
		})
	}
}
