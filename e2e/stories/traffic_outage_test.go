package stories

import (
	"testing"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// TestTrafficWithoutLeader swaps two versions while no replica of Aviary leads, so that the table
// stays as it is, and expects the last swap once there is a leader again.
func TestTrafficWithoutLeader(t *testing.T) {
	t.Parallel()
	p := startPairOn(t, controlplane.Options{}, func(*plane) aviary.Options { return aviary.Options{} })
	s := beginOn(t, p.plane, "traffic-without-leader")
	s.watchTraffic().withoutLeader()
	s.bothWerePrimary()
	s.step("the leader is killed")
	_, ended := p.endLeader(t, (*aviary.Instance).Kill)
	s.apply(swapped("green", "blue", true)).mustSucceed()
	s.step("the table still gives green all, so green must stay; blue has nothing yet")
	s.kubectl("", "delete", "deployment", "echo-green").mustFail("[stranded-traffic]", "follows")
	s.apply(swapped("blue", "green", false)).mustSucceed()
	s.apply(swapped("green", "blue", false)).mustSucceed()
	s.step("there is a leader again")
	ended()
	p.leader(t)
	s.waitSummary("blue 100")
	s.kubectl("", "delete", "deployment", "echo-green").mustSucceed()
	s.waitSummary("blue 100")
}

// TestTrafficAway kills Aviary in the middle of what belongs together.
func TestTrafficAway(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	p.install(t, aviary.Options{})
	s := beginOn(t, p, "traffic-away")
	s.watchTraffic().withoutLeader()
	s.rolloutTo("role=primary")
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitSummary("v2 100")
	s.step("a rollback creates v1; Aviary is killed before v2 is changed")
	s.apply(slow(v("v1", "role=primary"))).mustSucceed()
	s.must(p.aviary.Kill())
	s.apply(v("v2", "role=canary", "weight=100").String()).mustFail("failed calling webhook")
	s.step("Aviary comes back: nothing has moved, and the rollback goes on")
	s.must(p.aviary.Start(t.Context()))
	s.waitAvailable("echo-v1")
	s.waitSummary("v2 100; v1 says primary, superseded")
	s.apply(v("v2", "role=canary", "weight=100").String()).mustSucceed()
	s.waitSummary("v1 0, v2 100")

	s.step("v2 is promoted, and then nobody says primary")
	s.apply(v("v2", "role=primary").String()).mustSucceed()
	s.waitSummary("v2 100; v1 says primary, superseded")
	s.apply(slow(v("v1", "role=standby")) + v("v2", "role=standby").String()).mustSucceed()
	s.waitSummary("v2 100")
	s.step("a new leader keeps to the table; without one, to who was promoted last")
	s.must(p.aviary.Restart(t.Context()))
	s.apply(v("v3", "role=canary", "weight=10").String()).mustSucceed()
	s.waitSummary("v2 90, v3 10")
	s.must(p.aviary.Kill())
	s.kubectl("", "delete", "routetable", "echo-routes").mustSucceed()
	s.must(p.aviary.Start(t.Context()))
	s.waitSummary("v2 90, v3 10")
}

// TestTrafficWarnOnly plays sequences with an Aviary that refuses nothing.
func TestTrafficWarnOnly(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	p.install(t, aviary.Options{Config: replace(aviary.DefaultConfig, "enforcement: deny", "enforcement: warn")})
	for _, q := range warnOnly {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			playOn(t, p, q)
		})
	}
}

// warnOnly are sequences of which parts would be refused otherwise.
var warnOnly = []sequence{
	{"warned second primary", func(s *story, _ *trafficWatch) {
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitSummary("v1 100")
		s.mustWarn("[promotion]", s.apply(slow(v("v2", "role=primary"))))
		s.waitSummary("v1 100 (v2 to take over: 0/1 ready)")
		s.waitSummary("v2 100; v1 says primary, superseded")
	}},
	{"warned swaps", func(s *story, _ *trafficWatch) {
		s.apply(manifestsOf(v("blue", "role=primary"), v("green", "role=standby"))).mustSucceed()
		s.waitAvailable("echo-blue", "echo-green")
		s.waitSummary("blue 100")
		s.mustWarn("[promotion]", s.apply(swapped("blue", "green", true)))
		s.waitSummary("green 100")
		s.swap(4)
	}},
	{"warned rollback in one go", func(s *story, w *trafficWatch) {
		s.rolloutTo("role=primary")
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.waitSummary("v2 100")
		s.apply(slow(v("v1", "role=primary"))).mustSucceed()
		w.spare("v2")
		s.mustWarn("[stranded-traffic]", s.kubectl("", "delete", "deployment", "echo-v2"))
		s.waitAvailable("echo-v1")
		s.waitSummary("v1 100")
	}},
	{"warned removal of the primary", func(s *story, w *trafficWatch) {
		s.shiftHalf()
		w.spare("v1")
		s.mustWarn("[stranded-traffic]", s.kubectl("", "delete", "deployment", "echo-v1"))
		s.waitSummaryWith("v2 100")
	}},
}
