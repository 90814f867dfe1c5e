package stories

import (
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// setReady sets whether the Pods of a version of app echo are ready, and waits for the effect.
func (s *story) setReady(version string, is bool) {
	s.Helper()
	s.kubectl("", "annotate", "pods", "-l", "app=echo,version="+version, "--overwrite", fmt.Sprintf("sim.aviary.dev/ready=%t", is)).mustSucceed()
	s.eventually(fmt.Sprintf("the Pods of %s to be ready: %t", version, is), func() error {
		n, _, _ := unstructured.NestedInt64(s.mustGet("deployments", "echo-"+version).Object, "status", "availableReplicas")
		if (n > 0) != is {
			return fmt.Errorf("%d are available", n)
		}
		return nil
	})
}

// TestGateWhenBothAreBroken breaks the primary and then the canary. The route stays as it is,
// because neither version could take the other's traffic.
func TestGateWhenBothAreBroken(t *testing.T) {
	t.Parallel()
	s := begin(t, "gate-both-broken")
	s.shiftHalf()
	record := s.record()
	s.step("the primary breaks, then the canary")
	s.setReady("v1", false)
	s.setReady("v2", false)
	s.step("the route stays, whatever else happens")
	began := time.Now()
	s.apply(v("v3").String()).mustSucceed()
	s.waitOwners("echo-v1", "echo-v2", "echo-v3") // By then Aviary has looked at the app again.
	s.waitTraffic("echo", halfToV2)
	s.step("the primary recovers: now the canary's weight is worth moving, at once")
	s.setReady("v1", true)
	s.waitTraffic("echo", headerV2)
	s.step("the canary recovers, and gets its weight back after 10 s")
	s.setReady("v2", true)
	recovered := time.Now()
	s.waitTraffic("echo", halfToV2)
	took := time.Since(recovered)
	t.Logf("the weight came back %s after the canary was available", took.Round(100*time.Millisecond))
	if took < 9*time.Second || took > 20*time.Second {
		t.Errorf("it must come back after 10 s, came after %s", took)
	}
	for _, e := range record.all() {
		if e.object.GetKind() == "RouteTable" && e.arrived.Before(began) && traffic(e.object) != halfToV2 {
			t.Errorf("the route must stay while both are broken, but was %q", traffic(e.object))
		}
	}
}

// TestUngated has a canary that an autoscaler scales from 0. Without any replica it keeps its
// weight, and counts as deployed.
func TestUngated(t *testing.T) {
	t.Parallel()
	s := begin(t, "ungated")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	asleep := v("v2", "role=canary", "weight=50", "ungated=true")
	asleep.replicas = "0"
	s.apply(asleep.String()).mustSucceed()
	s.waitTraffic("echo", halfToV2)
	s.step("a route by hand may name it")
	s.apply(s.table("by-hand", destination{"v1", 50}, destination{"v2", 50})).mustSucceed()
	s.step("it may be woken and put to sleep")
	for _, replicas := range []string{"2", "0"} {
		s.kubectl("", "scale", "deployment", "echo-v2", "--replicas="+replicas).mustSucceed()
		s.waitTraffic("echo", halfToV2)
	}
	s.step("gated again, it has no business with traffic: the route by hand would be stranded")
	gated := v("v2", "role=canary", "weight=50")
	gated.replicas = "0"
	s.apply(gated.String()).mustFail("[stranded-traffic]")
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.apply(gated.String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
}
