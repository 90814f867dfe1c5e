package stories

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// tables lose their table.
var tables = []sequence{
	{"table deleted in a hand-over", func(s *story, _ *trafficWatch) {
		s.handOver()
		s.deleteTable()
		s.waitSummary("v2 100 (v1 to take over: 0/1 ready)")
		s.step("v1 is there, and takes over")
		s.mend("v1")
		s.waitSummary("v1 100")
	}},
	{"table deleted that nobody is primary of", func(s *story, _ *trafficWatch) {
		s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=20"))).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.apply(v("v1", "role=standby").String()).mustSucceed()
		s.waitSummary("v1 80, v2 20")
		s.deleteTable()
		s.waitSummary("v1 80, v2 20")
	}},
	{"restored", func(s *story, _ *trafficWatch) {
		s.rolloutTo("role=primary")
		s.restored("traffic-restored-new-first", "echo-v2", "echo-v1").waitSummary("v2 100; v1 says primary, superseded")
		s.restored("traffic-restored-old-first", "echo-v1", "echo-v2").waitSummary("v2 100; v1 says primary, superseded")
		s.step("v2 no longer says that it is primary, and v1 is no longer there")
		s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
		s.apply(manifestsOf(v("v2", "role=standby"), v("v3", "role=canary", "weight=30"))).mustSucceed()
		s.waitSummary("v2 70, v3 30")
		s.restored("traffic-restored-unsaid", "echo-v2", "echo-v3").waitSummary("v2 70, v3 30")
	}},
}

// handOver has v2 as primary, which lets go of it for v1, which was primary before and is down.
func (s *story) handOver() {
	s.Helper()
	s.rolloutTo("role=primary")
	s.crash("v1")
	s.apply(v("v2", "role=standby").String()).mustSucceed()
	s.waitSummary("v2 100 (v1 to take over: 0/1 ready)")
}

// deleteTable deletes app echo's table and waits until there is another one.
func (s *story) deleteTable() {
	s.Helper()
	before := s.mustGet("routetables", "echo-routes").GetUID()
	s.kubectl("", "delete", "routetable", "echo-routes").mustSucceed()
	s.eventually("another RouteTable", func() error {
		table, err := s.get("routetables", "echo-routes")
		if err == nil && table.GetUID() == before {
			err = fmt.Errorf("it is the old one")
		}
		return err
	})
}

// restored restores Deployments from a backup into another namespace, one after another and with
// their stamps, and waits until they are available.
func (s *story) restored(namespace string, deployments ...string) *story {
	s.Helper()
	to := beginOn(s.T, s.plane, namespace)
	to.watchTraffic()
	for _, name := range deployments {
		d := s.mustGet("deployments", name)
		o := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": d.GetAPIVersion(), "kind": d.GetKind(), "spec": d.Object["spec"],
		}}
		o.SetName(name)
		o.SetLabels(d.GetLabels())
		o.SetAnnotations(d.GetAnnotations())
		_, err := to.client("deployments").Create(s.Context(), o, metav1.CreateOptions{})
		to.must(err)
	}
	to.waitAvailable(deployments...)
	return to
}
