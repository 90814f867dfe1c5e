package stories

import "testing"

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
	s.step("a hand-made route may name it")
	s.apply(s.table("by-hand", destination{"v1", 50}, destination{"v2", 50})).mustSucceed()
	s.step("it may be scaled up and down")
	for _, replicas := range []string{"2", "0"} {
		s.kubectl("", "scale", "deployment", "echo-v2", "--replicas="+replicas).mustSucceed()
		s.waitTraffic("echo", halfToV2)
	}
	s.step("gated again, without a replica it gets no traffic: the hand-made route would be stranded")
	gated := v("v2", "role=canary", "weight=50")
	gated.replicas = "0"
	s.apply(gated.String()).mustFail("[stranded-traffic]")
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.apply(gated.String()).mustSucceed()
	s.waitTraffic("echo", v2At0)
}
