package stories

import (
	"fmt"

	"aviary.dev/e2e/nodes"
)

// swaps have two versions that stay.
var swaps = []sequence{
	{"swaps for ever", func(s *story, _ *trafficWatch) {
		s.bothWerePrimary()
		s.swap(6)
	}},
	{"swap to one that is recreated", func(s *story, _ *trafficWatch) {
		s.bothWerePrimary()
		gives := v("green")
		for i, to := range []string{"blue", "green"} {
			s.step("swap %d: %s takes over with another pod template, for which all of its pods go first", i+1, to)
			takes := v(to, "role=primary")
			takes.recreates, takes.pod = true, map[string]string{nodes.ReadyAfterAnnotation: "5s"}
			gives.annotations["role"] = "standby"
			s.apply(manifestsOf(gives, takes)).mustSucceed()
			s.waitSummary(to + " 100")
			gives = takes
		}
	}},
	{"primary unsaid", func(s *story, _ *trafficWatch) {
		s.apply(manifestsOf(v("blue", "role=primary"), v("green", "role=standby"))).mustSucceed()
		s.waitAvailable("echo-blue", "echo-green")
		s.waitSummary("blue 100")
		s.step("nobody says primary: nothing moves")
		s.mustWarn("no version states primary; blue keeps the traffic until one does",
			s.apply(v("blue", "role=standby").String()))
		s.step("a canary gets its part of what blue has")
		s.apply(v("green", "role=canary", "weight=30").String()).mustSucceed()
		s.waitSummary("blue 70, green 30")
		s.step("green never was primary: it must carry all first")
		s.apply(v("green", "role=primary").String()).mustFail("[promotion]")
		s.apply(v("green", "role=canary", "weight=100").String()).mustSucceed()
		s.waitSummary("blue 0, green 100")
		s.apply(v("green", "role=primary").String()).mustSucceed()
		s.waitSummary("green 100")
	}},
	{"a stale pipeline", func(s *story, _ *trafficWatch) {
		s.rolloutTo("role=primary")
		s.waitSummary("v2 100; v1 says primary, superseded")
		s.step("the pipeline of v1 runs again: nothing changes")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		stale := v("v1", "role=primary")
		stale.image = "hashicorp/http-echo:stale"
		s.apply(stale.String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitSummary("v2 100; v1 says primary, superseded")
		s.step("v1 is deleted, and the pipeline runs again")
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.waitSummary("v2 100")
		s.mustWarn("v2 keeps the traffic", s.apply(v("v1", "role=primary").String()))
		s.waitAvailable("echo-v1")
		s.waitSummary("v2 100; v1 says primary, superseded")
		s.step("a version that never was primary is refused")
		s.apply(v("v3", "role=primary").String()).mustFail("[promotion]")
		s.waitSummary("v2 100; v1 says primary, superseded")
	}},
	{"back by words", func(s *story, _ *trafficWatch) {
		s.rolloutTo("role=primary")
		s.apply(v("v1", "role=standby").String()).mustSucceed()
		s.waitSummary("v2 100")
		s.step("v1 says primary again, which moves all")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitSummary("v1 100; v2 says primary, superseded")
	}},
}

// bothWerePrimary rolls out from blue to green, both of which stay.
func (s *story) bothWerePrimary() {
	s.Helper()
	s.apply(manifestsOf(v("blue", "role=primary"), v("green", "role=standby"))).mustSucceed()
	s.waitAvailable("echo-blue", "echo-green")
	s.apply(v("green", "role=canary", "weight=100").String()).mustSucceed()
	s.waitSummary("blue 0, green 100")
	s.apply(manifestsOf(v("green", "role=primary"), v("blue", "role=standby"))).mustSucceed()
	s.waitSummary("green 100")
}

// swap moves all traffic between blue and green, each time by one apply, in either order of the
// two, and waits for it. It begins with green and, for an even number, ends with it.
func (s *story) swap(times int) {
	s.Helper()
	from, to := "green", "blue"
	for i := range times {
		s.step("swap %d: from %s to %s", i+1, from, to)
		s.apply(swapped(from, to, i%4 < 2)).mustSucceed()
		s.waitSummary(fmt.Sprintf("%s 100", to))
		from, to = to, from
	}
}

// swapped is a folder in which one version is primary now, and another no longer.
func swapped(from, to string, oldFirst bool) string {
	gives, takes := v(from, "role=standby"), v(to, "role=primary")
	if oldFirst {
		return manifestsOf(gives, takes)
	}
	return manifestsOf(takes, gives)
}
