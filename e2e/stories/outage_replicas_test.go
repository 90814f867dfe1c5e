package stories

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
)

// How soon after the end of a leader siblings must exist, or an Event must report what two
// concurrent requests left behind. Only the limits fail the test, because the machine may be busy.
const (
	stopTarget, stopLimit         = 2 * time.Second, 10 * time.Second
	killTarget, killLimit         = 20 * time.Second, 40 * time.Second
	raceKillTarget, raceKillLimit = 25 * time.Second, 45 * time.Second
	etcdPause                     = 10 * time.Second
)

// TestReplicas stops and kills Aviary's leader, the API server and etcd, while somebody applies all
// the time.
func TestReplicas(t *testing.T) {
	t.Parallel()
	p := startPair(t)
	stream := p.stream(t)
	t.Run("leader stopped", func(t *testing.T) {
		q := beginDirect(t, p.plane, "stopped")
		began, ended := p.endLeader(t, (*aviary.Instance).Stop)
		p.timeNewApp(q, began, "after a clean stop", stopTarget, stopLimit)
		ended()
	})
	t.Run("leader killed", func(t *testing.T) { p.testKilledLeader(t) })
	t.Run("API server restarted", func(t *testing.T) {
		q := beginDirect(t, p.plane, "restarted")
		began := time.Now()
		if err := p.StartAPIServer(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Logf("the API server was gone for %s", time.Since(began).Round(time.Millisecond))
		p.timeNewApp(q, time.Now(), "after a restart of the API server", killTarget, 2*killLimit)
	})
	t.Run("etcd stopped", func(t *testing.T) {
		q := beginDirect(t, p.plane, "etcd")
		resume := p.pauseProcess(t, "etcd")
		over := time.NewTimer(etcdPause)
		<-over.C
		resume()
		p.timeNewApp(q, time.Now(), "after etcd was gone for "+etcdPause.String(), killTarget, 2*killLimit)
	})
	stream.end(t)
	for _, replica := range p.replicas {
		if strings.Contains(replica.Logs(), "DATA RACE") {
			t.Errorf("a replica has a data race:\n%s", replica.Logs())
		}
	}
}

// timeNewApp applies an app, again until it is admitted, and measures when its siblings exist.
func (p *pair) timeNewApp(q direct, began time.Time, what string, target, limit time.Duration) {
	q.Helper()
	took := newDurations()
	q.eventually("the app to be admitted", func() error { return q.create(v("v1", "role=primary").String()) })
	q.eventually("siblings "+what, func() error {
		table, err := q.get("routetables", "echo-routes")
		if err == nil && traffic(table) != allToV1 {
			err = fmt.Errorf("it sends %q", traffic(table))
		}
		return err
	})
	took.add(time.Since(began))
	took.report(q.T, "siblings of a new app exist "+what, target, limit)
}

// testKilledLeader kills the leader while a new app is applied, and after two requests have left a
// route to a deleted version.
func (p *pair) testKilledLeader(t *testing.T) {
	raced := beginDirect(t, p.plane, "killed-race")
	raced.check(raced.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))))
	raced.waitTraffic("echo", allToV1)
	q := beginDirect(t, p.plane, "killed")
	bypass := direct{raced.bypass()}

	began, ended := p.endLeader(t, (*aviary.Instance).Kill)
	bypass.check(bypass.create(bypass.tableTo("by-hand", "echo", "v2")))
	bypass.check(bypass.delete("deployments", "echo-v2"))
	var wait sync.WaitGroup
	wait.Go(func() { p.timeNewApp(q, began, "after a killed leader", killTarget, killLimit) })
	took := newDurations()
	took.add(raced.waitRuleBroken("version-deployed", began))
	took.report(t, "a hand-made route on a deleted version has its Event, across a killed leader,",
		raceKillTarget, raceKillLimit)
	wait.Wait()
	ended()
	metrics, err := p.leader(t).Metrics(t.Context())
	labels := []string{"rule", "version-deployed", "namespace", raced.namespace}
	if err != nil || metrics.Sum("aviary_standing_findings", labels...) == 0 {
		t.Errorf("the new leader's aviary_standing_findings must count it: %v", err)
	}
}
