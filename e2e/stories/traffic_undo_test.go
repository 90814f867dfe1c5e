package stories

// undoings end with kubectl rollout undo, which brings back a pod template and the annotations that
// the Deployment had with it.
var undoings = []sequence{
	{"undo of a canary", func(s *story, _ *trafficWatch) {
		s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=10"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.waitSummary("v1 90, v2 10")
		s.apply(bad(v("v2", "role=canary", "weight=50")).String()).mustSucceed()
		s.waitChanged("echo-v2")
		s.waitSummary("v1 50, v2 50")
		s.mustWarn("weight 50 → 10", s.undo("echo-v2"))
		s.waitSummary("v1 90, v2 10")
	}},
	{"undo with the old primary there", func(s *story, _ *trafficWatch) {
		s.promoteBad()
		s.undo("echo-v2").mustSucceed()
		s.step("it is a canary with all of the traffic again, as it was with that template")
		s.waitSummary("v1 0, v2 100")
	}},
	{"undo with the old primary gone", func(s *story, _ *trafficWatch) {
		s.promoteBad()
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.waitSummary("v2 100")
		s.mustWarn("no version states primary; v2 keeps the traffic until one does", s.undo("echo-v2"))
		s.waitAvailable("echo-v2")
		s.waitSummary("v2 100")
		s.step("to say primary again is no promotion")
		s.apply(v("v2", "role=primary").String()).mustSucceed()
		s.waitSummary("v2 100")
	}},
	{"undo to one that said retire", func(s *story, _ *trafficWatch) {
		s.apply(v("v1", "role=primary", "retire=true").String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitSummary("v1 100")
		s.apply(bad(v("v1", "role=primary")).String()).mustSucceed()
		s.waitChanged("echo-v1")
		s.undo("echo-v1").mustFail("[annotations-valid]", "rollout undo brings back annotations that were removed")
		s.waitSummary("v1 100")
		s.step("the old image comes back by what it was applied with")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitSummary("v1 100")
	}},
}

// bad returns the version with another image, which somebody will want to undo.
func bad(v version) version {
	v.image = "hashicorp/http-echo:bad"
	return v
}

// promoteBad has v2 take all traffic, and promotes it together with a bad image.
func (s *story) promoteBad() {
	s.Helper()
	s.rolloutTo("weight=100")
	s.apply(bad(v("v2", "role=primary")).String()).mustSucceed()
	s.waitChanged("echo-v2")
	s.waitSummary("v2 100; v1 says primary, superseded")
}

// undo runs kubectl rollout undo.
func (s *story) undo(deployment string) outcome {
	s.Helper()
	return s.kubectl("", "rollout", "undo", "deployment/"+deployment)
}

// waitChanged waits until a Deployment is rolled out with a pod template that is not its first.
func (s *story) waitChanged(deployment string) {
	s.Helper()
	s.kubectl("", "rollout", "status", "deployment/"+deployment, "--timeout=45s").mustSucceed()
	revision := s.mustGet("deployments", deployment).GetAnnotations()["deployment.kubernetes.io/revision"]
	if revision != "2" {
		s.Fatalf("%s must be in its second revision, is in %s", deployment, revision)
	}
}
