package stories

import (
	"fmt"
	"testing"
)

// TestPromoteThenDelete promotes v2 and deletes v1 last, as most tools do.
func TestPromoteThenDelete(t *testing.T) {
	t.Parallel()
	s := begin(t, "promote-then-delete")
	record := s.record()
	s.step("v2 gets all of the traffic, step by step, and is promoted")
	s.rolloutTo("role=primary")
	s.step("v1 is deleted")
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitGone("deployments", "echo-v1")
	s.waitTraffic("echo", allToV2)
	record.mustNeverRouteToDeleted()
}

// TestDeleteThenPromote deletes the old primary while the canary has all traffic, and promotes the
// canary last.
func TestDeleteThenPromote(t *testing.T) {
	t.Parallel()
	s := begin(t, "delete-then-promote")
	record := s.record()
	s.step("v2 gets all of the traffic, step by step")
	s.rolloutTo("weight=100")
	s.step("v1 is deleted")
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitTraffic("echo", allToV2) // the sole version of the main route is the effective primary
	s.step("v2 is promoted")
	s.apply(v("v2", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV2)
	record.mustNeverRouteToDeleted()
}

// TestBlueGreen moves all traffic back and forth between two versions that stay.
func TestBlueGreen(t *testing.T) {
	t.Parallel()
	s := begin(t, "blue-green")
	record := s.record()
	s.apply(manifestsOf(v("blue", "role=primary"), v("green", "role=standby"))).mustSucceed()
	s.waitAvailable("echo-blue", "echo-green")
	s.waitTraffic("echo", "/echo: blue")
	from, to := "blue", "green"
	for swap := range 3 {
		s.step("swap %d: from %s to %s", swap+1, from, to)
		for _, weight := range []int{50, 100} {
			s.apply(v(to, "role=canary", fmt.Sprintf("weight=%d", weight)).String()).mustSucceed()
			const split = "stage=canary /echo: %s; /echo: %s %d, %s %d"
			s.waitTraffic("echo", fmt.Sprintf(split, to, from, 100-weight, to, weight))
		}
		s.apply(v(to, "role=primary").String()).mustSucceed()
		s.waitTraffic("echo", "/echo: "+to)
		s.apply(v(from, "role=standby").String()).mustSucceed()
		s.waitTraffic("echo", "/echo: "+to)
		from, to = to, from
	}
	record.mustNeverRouteToDeleted()
}

// TestAbort gives up a rollout after each of its steps, by reverting or by deleting the canary.
func TestAbort(t *testing.T) {
	t.Parallel()
	for name, abort := range map[string]func(s *story){
		"revert": func(s *story) { s.apply(v("v2", "role=standby").String()).mustSucceed() },
		"delete": func(s *story) { s.kubectl("", "delete", "deployment", "echo-v2").mustSucceed() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "abort-"+name)
			record := s.record()
			for _, step := range rolloutSteps {
				s.step("%s at %s", name, step.annotation)
				s.rolloutTo(step.annotation)
				abort(s)
				s.waitTraffic("echo", allToV1)
			}
			if name == "revert" { // TestCleanupIsFast has the deletion of a canary with traffic.
				record.mustNeverRouteToDeleted()
			}
		})
	}
}

// TestStepsAtOnce takes each step without waiting for the effect of the last one.
func TestStepsAtOnce(t *testing.T) {
	t.Parallel()
	s := begin(t, "steps-at-once")
	s.rolloutTo("weight=100")
	s.step("v2 is promoted and v1 deleted at once")
	s.apply(v("v2", "role=primary").String()).mustSucceed()
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitTraffic("echo", allToV2)

	s.step("v3 takes all traffic, v2 is deleted and v3 promoted at once")
	s.apply(v("v3", "role=standby").String()).mustSucceed()
	s.waitAvailable("echo-v3")
	s.apply(v("v3", "role=canary", "weight=100").String()).mustSucceed()
	s.kubectl("", "delete", "deployment", "echo-v2").mustSucceed()
	s.apply(v("v3", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", "/echo: v3")
}
