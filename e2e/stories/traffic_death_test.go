package stories

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// deaths have versions that die.
var deaths = []sequence{
	{"primary down at half", func(s *story, _ *trafficWatch) {
		s.apply(slow(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.waitSummary("v1 50, v2 50")
		s.crash("v1")
		s.step("v2 is raised and has all at once, though v1 is down")
		began := time.Now()
		s.apply(slow(v("v2", "role=canary", "weight=100"))).mustSucceed()
		s.waitSummary("v1 0, v2 100")
		if took := time.Since(began); took > 5*time.Second {
			s.Errorf("v2 must have all of the traffic at once, has it after %s", took)
		}
		s.step("and may be promoted while v1 is down, which then goes")
		s.apply(slow(v("v2", "role=primary"))).mustSucceed()
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.waitSummary("v2 100")
	}},
	{"primary out of memory", func(s *story, _ *trafficWatch) {
		s.apply(slow(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.waitSummary("v1 50, v2 50")
		s.kill("v1")
		s.apply(slow(v("v2", "role=canary", "weight=100"))).mustSucceed()
		s.waitSummary("v1 0, v2 100")
		s.step("v1 is back, and nothing moves")
		s.waitAvailable("echo-v1")
		s.waitSummary("v1 0, v2 100")
	}},
	{"both dead", func(s *story, _ *trafficWatch) {
		s.shiftHalf()
		s.waitSummary("v1 50, v2 50")
		s.crash("v1")
		s.crash("v2")
		s.step("nothing moves, whatever is said")
		s.apply(v("v2", "role=canary", "weight=100").String()).mustSucceed()
		s.waitSummaryWith("v1 50, v2 50")
		s.step("until one is there")
		s.mend("v2")
		s.waitSummary("v1 0, v2 100")
		s.mend("v1")
		s.waitSummary("v1 0, v2 100")
	}},
	{"both dead in a hand-over", func(s *story, _ *trafficWatch) {
		s.bothWerePrimary()
		s.crash("blue")
		s.crash("green")
		s.apply(swapped("green", "blue", true)).mustSucceed()
		s.waitSummary("green 100 (blue to take over: 0/1 ready)")
		s.step("the first that is there has it")
		s.mend("blue")
		s.waitSummary("blue 100")
		s.mend("green")
		s.waitSummary("blue 100")
	}},
	{"heir dead in a hand-over", func(s *story, _ *trafficWatch) {
		s.bothWerePrimary()
		s.apply(v("blue", "role=canary", "weight=50").String()).mustSucceed()
		s.waitSummary("green 50, blue 50")
		s.crash("green")
		s.crash("blue")
		s.step("blue is to take over, and both keep what they have while nobody is there")
		s.apply(swapped("green", "blue", true)).mustSucceed()
		s.waitSummary("green 50 (blue to take over: 0/1 ready), blue 50")
		s.step("green is back, and blue loses its share as a canary would")
		s.mend("green")
		s.waitSummary("green 100 (blue to take over: 0/1 ready)")
		s.mend("blue")
		s.waitSummary("blue 100")
	}},
	{"crash in the second of a promotion", func(s *story, _ *trafficWatch) {
		s.rolloutTo("weight=100")
		s.apply(v("v2", "role=primary").String()).mustSucceed()
		s.crashNow("v2")
		s.waitUnavailable("echo-v2")
		s.step("v1 is there, and gets all by one apply")
		s.apply(v("v2", "role=canary").String()).mustSucceed()
		s.waitSummary("v1 100, v2 0")
	}},
	{"promotion in the second of a crash", func(s *story, _ *trafficWatch) {
		s.rolloutTo("weight=100")
		s.crash("v2")
		s.apply(v("v2", "role=primary").String()).mustFail("[promotion]")
		s.waitSummary("v1 100, v2 0 (declared 100: 0/1 ready)")
		s.step("back for a moment is not enough: the gate waits 10 s")
		s.mend("v2")
		s.apply(v("v2", "role=primary").String()).mustFail("[promotion]")
		s.waitSummary("v1 0, v2 100")
		s.apply(v("v2", "role=primary").String()).mustSucceed()
		s.waitSummary("v2 100; v1 says primary, superseded")
	}},
	{"incumbent collected", func(s *story, w *trafficWatch) {
		s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=30"),
			v("v3", "role=canary", "weight=10"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2", "echo-v3")
		s.waitSummary("v1 60, v2 30, v3 10")
		w.spare("v1")
		s.collect("echo-v1")
		s.step("the version with the largest share steps in, and it may be said")
		s.waitSummary("v2 90, v3 10")
		s.apply(v("v2", "role=primary").String()).mustSucceed()
		s.waitSummary("v2 90, v3 10")
	}},
	{"incumbent collected in a hand-over", func(s *story, w *trafficWatch) {
		s.bothWerePrimary()
		s.crash("blue")
		s.apply(v("yellow", "role=canary", "weight=20").String()).mustSucceed()
		s.waitAvailable("echo-yellow")
		s.waitSummary("green 80, yellow 20")
		s.apply(swapped("green", "blue", false)).mustSucceed()
		s.waitSummary("green 80 (blue to take over: 0/1 ready), yellow 20")
		w.spare("green")
		s.collect("echo-green")
		s.step("blue is down, so yellow has all until blue is there")
		s.waitSummaryWith("yellow 100")
		s.mend("blue")
		s.waitSummary("blue 80, yellow 20")
	}},
}

// collect has Kubernetes' garbage collector delete a Deployment: it gets an owner, which is deleted.
func (s *story) collect(deployment string) {
	s.Helper()
	s.kubectl("", "create", "configmap", "owner").mustSucceed()
	owner, err := s.clientOf("ConfigMap").Get(s.Context(), "owner", metav1.GetOptions{})
	s.must(err)
	s.mergePatch("deployment", deployment, `{"metadata": {"ownerReferences": [
		{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "`+string(owner.GetUID())+`"}]}}`).mustSucceed()
	s.kubectl("", "delete", "configmap", "owner").mustSucceed()
	s.waitGone("deployments", deployment)
}
