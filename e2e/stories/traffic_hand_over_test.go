package stories

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// handOvers have a primary that takes over, now or later.
var handOvers = []sequence{
	{"ungated primary at 0", func(s *story, _ *trafficWatch) {
		s.apply(manifestsOf(v("v1", "role=primary"), asleep(v("v2", "role=canary", "weight=100", "ungated=true")))).
			mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitSummary("v1 0, v2 100")
		s.step("it takes over at once")
		s.apply(asleep(v("v2", "role=primary", "ungated=true")).String()).mustSucceed()
		s.waitSummary("v2 100; v1 says primary, superseded")
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.waitSummary("v2 100")
		s.step("and a canary beside it gets its part, and goes")
		s.apply(v("v3", "role=canary", "weight=40").String()).mustSucceed()
		s.waitSummary("v2 60, v3 40")
		s.kubectl("", "delete", "deployment", "echo-v3").mustSucceed()
		s.waitSummary("v2 100")
	}},
	{"another port", func(s *story, _ *trafficWatch) {
		s.rolloutTo("weight=100")
		s.apply(v("v2", "role=primary", "port=81").String()).mustSucceed()
		s.waitSummary("v2 100; v1 says primary, superseded")
		s.waitPort(81)
		s.step("v1, which is down, is to take over: until then the port is that of v2")
		s.crash("v1")
		s.apply(v("v2", "role=standby", "port=81").String()).mustSucceed()
		s.waitSummary("v2 100 (v1 to take over: 0/1 ready)")
		s.waitPort(81)
		s.mend("v1")
		s.waitSummary("v1 100")
		s.waitPort(80)
	}},
	{"weights in a hand-over", func(s *story, _ *trafficWatch) {
		s.handOver()
		s.step("nothing is frozen: a canary gets its part of what v2 has")
		s.apply(v("v3", "role=canary", "weight=30").String()).mustSucceed()
		s.waitAvailable("echo-v3")
		s.waitSummary("v2 70 (v1 to take over: 0/1 ready), v3 30")
		s.step("who has the traffic must stay, who has nothing yet may go")
		s.kubectl("", "delete", "deployment", "echo-v2").mustFail("[stranded-traffic]")
		s.apply(v("v3", "role=canary").String()).mustSucceed()
		s.waitSummary("v2 100 (v1 to take over: 0/1 ready), v3 0")
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.waitSummary("v2 100, v3 0")
	}},
}

// asleep returns the version without replicas.
func asleep(v version) version {
	v.replicas = "0"
	return v
}

// waitPort waits until app echo's Service and Upstream have a port.
func (s *story) waitPort(want int64) {
	s.Helper()
	s.eventually(fmt.Sprintf("port %d", want), func() error {
		for _, p := range list(s.mustGet("services", "echo").Object, "spec", "ports") {
			if p["port"] != want {
				return fmt.Errorf("the Service has port %v", p["port"])
			}
		}
		got, _, _ := unstructured.NestedInt64(s.mustGet("upstreams", "echo").Object, "spec", "kube", "servicePort")
		if got != want {
			return fmt.Errorf("the Upstream has port %d", got)
		}
		return nil
	})
}
