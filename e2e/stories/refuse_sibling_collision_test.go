package stories

import (
	"fmt"
	"testing"
)

// TestCollision puts foreign objects where an app's siblings would be. Aviary neither writes nor
// deletes them, whether they were there before the app or came later.
func TestCollision(t *testing.T) {
	t.Parallel()
	s := begin(t, "collision")
	foreign := map[string]string{
		"Service": "apiVersion: v1\nkind: Service\nmetadata: {name: echo}\n" +
			"spec: {selector: {app: fox}, ports: [{port: 80}]}\n",
		"Upstream": "apiVersion: gloo.solo.io/v1\nkind: Upstream\nmetadata: {name: echo}\n" +
			"spec: {static: {hosts: [{addr: example.com, port: 80}]}}\n",
		"RouteTable": s.table("echo-routes", destination{"v1", 0}),
	}
	fixes := map[string]string{
		"Service":    "aviary.dev/use: service",
		"Upstream":   "aviary.dev/use: upstream",
		"RouteTable": "kubectl delete routetable echo-routes -n collision",
	}
	for kind, object := range foreign {
		s.step("%s", kind)
		s.apply(object).mustSucceed()
		name := decode(t, object)[0].GetName()
		x := sibling{kinds[kind].Resource, name}
		before := s.fingerprint(x)
		s.apply(v("v1", "role=primary").String()).mustFail("[sibling-collision]",
			fmt.Sprintf("%s collision/%s exists and is not Aviary's", kind, name), fixes[kind])
		if now := s.fingerprint(x); now != before {
			t.Errorf("the %s must not change: it was %s, is %s", kind, before, now)
		}
		s.kubectl("", "delete", kind, name).mustSucceed()
	}

	s.step("the Service of an existing app loses Aviary's labels: they come back, and nothing collides")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.mustWarn("puts it back", s.kubectl("", "label", "service", "echo", managedByLabel+"-", appLabel+"-"))
	s.apply(v("v2", "role=standby").String()).mustSucceed()
	s.waitLabels(sibling{"services", "echo"}, "aviary")
	s.waitOwners("echo-v1", "echo-v2")

	s.step("without its owners, too, it is somebody else's: an Event says so, until it gets its label back")
	s.jsonPatch("service", "echo", handedOver).mustSucceed()
	before := s.fingerprint(sibling{"services", "echo"})
	s.waitEvent("SiblingCollision", "this one is not Aviary's")
	s.apply(v("v3", "role=standby").String()).mustFail("[sibling-collision]")
	if now := s.fingerprint(sibling{"services", "echo"}); now != before {
		t.Errorf("the Service must not change: it was %s, is %s", before, now)
	}
	s.kubectl("", "label", "service", "echo", appLabel+"=echo").mustSucceed()
	s.apply(v("v3", "role=standby").String()).mustSucceed()
	s.waitOwners("echo-v1", "echo-v2", "echo-v3")
}
