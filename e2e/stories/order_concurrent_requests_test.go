package stories

import (
	"fmt"
	"testing"
	"time"

	"aviary.dev/e2e/lagging"
)

// raceTimes is how often each pair of requests is raced.
const raceTimes = 10

// How soon Aviary must report what two concurrent requests left behind. Only a time above raceLimit
// fails the test, because the machine may be busy.
const raceTarget, raceLimit = 5 * time.Second, 20 * time.Second

// testRaceOnHandMadeRoute deletes a version without traffic while somebody routes to it by hand.
func testRaceOnHandMadeRoute(t *testing.T, p *plane, proxy *lagging.Proxy) {
	took := newDurations()
	inParallel(raceTimes, 4, func(i int) {
		q := beginDirect(t, p, fmt.Sprintf("race-by-hand-%d", i))
		q.check(q.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))))
		q.waitTraffic("echo", allToV1)
		race(q, proxy, "routetables",
			func() error { return q.delete("deployments", "echo-v2") },
			func() error { return q.create(q.tableTo("by-hand", "echo", "v2")) },
			func() error { return q.delete("routetables", "by-hand") })
		began := time.Now()
		took.add(q.waitRuleBroken("version-deployed", began))
	})
	took.report(t, "a hand-made route on a deleted version has its Event", raceTarget, raceLimit)
	metrics, err := p.aviary.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := metrics.Sum("aviary_rejudgement_findings_total", "rule", "version-deployed"); n < raceTimes {
		t.Errorf("aviary_rejudgement_findings_total must count %d findings of version-deployed, has %v", raceTimes, n)
	}
}

// testRaceOnGeneratedRoute deletes the old primary, which is right while the only canary has all
// traffic, and meanwhile takes the canary back to 50 %.
func testRaceOnGeneratedRoute(t *testing.T, p *plane, proxy *lagging.Proxy) {
	took := newDurations()
	inParallel(raceTimes, 4, func(i int) {
		q := beginDirect(t, p, fmt.Sprintf("race-generated-%d", i))
		q.check(q.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))))
		q.check(q.setAvailable("echo-v1", "echo-v2"))
		q.waitTraffic("echo", halfToV2)
		q.check(q.annotate("echo-v2", "weight=100"))
		q.waitTraffic("echo", canaryAll)
		race(q, proxy, "deployments",
			func() error { return q.delete("deployments", "echo-v1") },
			func() error { return q.annotate("echo-v2", "weight=50") },
			func() error {
				defer q.waitTraffic("echo", canaryAll)
				return q.annotate("echo-v2", "weight=100")
			})
		began := time.Now()
		q.eventually("the route to name v2 only", func() error {
			table, err := q.get("routetables", "echo-routes")
			if err != nil {
				return err
			}
			if to := receivers(table); to["v1"] || !to["v2"] {
				return fmt.Errorf("it sends %q", traffic(table))
			}
			return nil
		})
		took.add(time.Since(began))
	})
	took.report(t, "a generated route no longer names the deleted version", time.Second, raceLimit)
}
