package stories

import (
	"fmt"
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// How soon after the API server is ready again siblings must follow what their Deployments say. Only the limit fails
// the test, because the machine may be busy.
const followTarget, followLimit = 5 * time.Second, 20 * time.Second

// TestAPIServerAway has the API server away for some seconds and for longer, and changes a Deployment once it is back.
// The only replica leads without a Lease: with one it would end once it can't renew that for ten seconds.
func TestAPIServerAway(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{WithoutControllers: true})
	p.install(t, aviary.Options{Args: []string{"--leader-elect=false"}})
	q := beginDirect(t, p, "api-server-away")
	q.check(q.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=10"))))
	q.check(q.setAvailable("echo-v1", "echo-v2"))
	q.waitWeight(10)
	took := newDurations()
	for i, away := range []time.Duration{3 * time.Second, 20 * time.Second} {
		q.step("the API server is away for %s", away)
		began := time.Now()
		if err := p.StopAPIServer(); err != nil {
			t.Fatal(err)
		}
		over := time.NewTimer(away)
		<-over.C
		if err := p.StartAPIServer(t.Context()); err != nil {
			t.Fatal(err)
		}
		back := time.Now()
		t.Logf("the API server was gone for %s", back.Sub(began).Round(time.Millisecond))
		for change := range 2 {
			weight := 20 + 20*i + 10*change
			q.eventually("the change to be admitted", func() error {
				return q.annotate("echo-v2", fmt.Sprintf("weight=%d", weight))
			})
			q.waitWeight(weight)
			took.add(time.Since(back))
		}
	}
	took.report(t, "siblings follow a change, and another one, once the API server is back,", followTarget, followLimit)
}

// waitWeight waits until the canary has so much of the traffic.
func (q direct) waitWeight(weight int) {
	q.Helper()
	q.waitTraffic("echo", fmt.Sprintf("stage=canary /echo: v2; /echo: v1 %d, v2 %d", 100-weight, weight))
}
