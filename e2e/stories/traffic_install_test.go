package stories

// installs begin with nothing.
var installs = []sequence{
	{"two primaries at once", func(s *story, _ *trafficWatch) {
		s.step("the one that is applied last is meant")
		s.apply(slow(v("v1", "role=primary"), v("v2", "role=primary"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.waitSummary("v2 100; v1 says primary, superseded")
	}},
	{"two primaries the other way round", func(s *story, _ *trafficWatch) {
		s.apply(slow(v("v2", "role=primary"), v("v1", "role=primary"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.waitSummary("v1 100; v2 says primary, superseded")
	}},
	{"a second primary before the first is ready", func(s *story, _ *trafficWatch) {
		s.apply(slow(v("v1", "role=primary"))).mustSucceed()
		s.waitSummary("v1 100")
		s.apply(v("v2", "role=primary").String()).mustSucceed()
		s.step("it is ready first, and takes over from one that nobody reaches")
		s.waitSummary("v2 100; v1 says primary, superseded")
		s.waitAvailable("echo-v1")
		s.waitSummary("v2 100; v1 says primary, superseded")
	}},
	{"a second primary after the first is ready", func(s *story, _ *trafficWatch) {
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitSummary("v1 100")
		s.apply(v("v2", "role=primary").String()).mustFail("[promotion]", "v2 carries 0 % of the traffic")
		s.waitSummary("v1 100")
		s.step("what it may be is a canary")
		s.apply(v("v2", "role=canary").String()).mustSucceed()
		s.waitSummary("v1 100, v2 0")
	}},
	{"three versions in one folder", func(s *story, _ *trafficWatch) {
		s.apply(slow(v("v3", "role=canary", "weight=10"), v("v1", "role=primary"), v("v2", "role=canary", "weight=30"))).
			mustSucceed()
		s.waitSummary("v1 60, v2 30, v3 10")
		s.step("a folder that leaves one with all")
		s.apply(slow(v("v3", "role=canary", "weight=100"), v("v1", "role=primary"), v("v2", "role=standby"))).mustFail(
			"[annotations-valid]")
		s.apply(slow(v("v1", "role=primary"), v("v2", "role=standby"), v("v3", "role=canary", "weight=100"))).mustSucceed()
		s.waitSummary("v1 0, v3 100")
		s.step("and one where the old primary is a canary of the new one")
		s.apply(slow(v("v3", "role=primary"), v("v1", "role=canary"), v("v2", "role=standby"))).mustSucceed()
		s.waitSummary("v3 100, v1 0")
	}},
	{"three primaries in one folder", func(s *story, _ *trafficWatch) {
		s.apply(slow(v("v1", "role=primary"), v("v2", "role=primary"), v("v3", "role=primary"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2", "echo-v3")
		s.waitSummary("v3 100; v1 says primary, superseded; v2 says primary, superseded")
	}},
}
