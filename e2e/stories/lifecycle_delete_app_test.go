package stories

import (
	"strings"
	"testing"
)

// TestDeleteApp removes apps. Their siblings go with the last version.
func TestDeleteApp(t *testing.T) {
	t.Parallel()
	s := begin(t, "going")
	whole := forApp(readTestdata(t, "six-steps", "step-1.yaml"), "echo", s.namespace)
	gone := func() {
		s.waitGone("routetables", "echo-routes")
		s.waitGone("upstreams", "echo")
		s.waitGone("services", "echo")
	}
	s.step("the last version is deleted")
	s.apply(whole).mustSucceed()
	s.waitSiblings(seed(t, "echo", s.namespace, 1))
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	gone()

	s.step("the last version leaves the app: its manifest has no more annotations of Aviary's")
	s.apply(whole).mustSucceed()
	s.waitSiblings(seed(t, "echo", s.namespace, 1))
	s.apply(strings.ReplaceAll(whole, "    aviary.dev/", "    example.com/")).mustSucceed()
	gone()

	s.step("the namespace is deleted, with two versions that have traffic")
	s.rolloutTo("weight=50")
	s.kubectl("", "delete", "namespace", s.namespace, "--timeout=60s").mustSucceed()
}

// TestCascades deletes the last version of an app with each of kubectl's three kinds of cascade.
func TestCascades(t *testing.T) {
	t.Parallel()
	for _, cascade := range []string{"foreground", "background"} {
		t.Run(cascade, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "cascade-"+cascade)
			s.apply(v("v1", "role=primary").String()).mustSucceed()
			s.waitTraffic("echo", allToV1)
			s.kubectl("", "delete", "deployment", "echo-v1", "--cascade="+cascade, "--timeout=60s").mustSucceed()
			s.waitNoSiblings()
		})
	}
	t.Run("orphan", func(t *testing.T) {
		t.Parallel()
		s := begin(t, "cascade-orphan")
		s.waitCollector()
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitTraffic("echo", allToV1)
		before := s.siblingUIDs()
		s.kubectl("", "delete", "deployment", "echo-v1", "--cascade=orphan").mustSucceed()
		s.waitGone("deployments", "echo-v1")
		s.step("Events say that its siblings stay as they are")
		s.waitEvent("Orphaned", "Aviary leaves this as it is until it has one")
		s.waitTraffic("echo", allToV1)
		if now := s.siblingUIDs(); now != before {
			t.Errorf("the siblings must be those of before (%s), are %s", before, now)
		}
		s.step("a Deployment that takes the Pods over takes the siblings over")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitOwners("echo-v1")
		if now := s.siblingUIDs(); now != before {
			t.Errorf("the siblings must be those of before (%s), are %s", before, now)
		}
	})
}

// TestOrphansStay orphans the Pods of an app's last version and then deletes them. The siblings stay, each is told of
// once, and what is told deletes them.
func TestOrphansStay(t *testing.T) {
	t.Parallel()
	s := begin(t, "orphans-stay")
	s.waitCollector()
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", allToV1)
	before := s.siblingUIDs()
	s.kubectl("", "delete", "deployment", "echo-v1", "--cascade=orphan").mustSucceed()
	s.kubectl("", "delete", "replicaset", "--all").mustSucceed()
	told := []string{"routetable echo-routes", "upstream echo", "service echo"}
	for _, x := range told {
		s.waitEvent("Orphaned", "kubectl delete "+x+" -n orphans-stay")
	}
	if now := s.siblingUIDs(); now != before {
		t.Errorf("the siblings must be those of before (%s), are %s", before, now)
	}
	for _, x := range told {
		s.kubectl("", append([]string{"delete"}, strings.Fields(x)...)...).mustSucceed()
	}
	if n := s.countEvents("Orphaned", ""); n != 3 {
		t.Errorf("each must be told once, there are %d Events", n)
	}
}

// ownerless is owned by nobody who is there. It is of the kinds that are not Kubernetes' own.
const ownerless = `
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata:
  name: ownerless
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: gone, uid: gone}]
spec: {static: {hosts: [{addr: example.com, port: 80}]}}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata:
  name: ownerless
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: gone, uid: gone}]
spec: {routes: [{matchers: [{prefix: /ownerless}], directResponseAction: {status: 200}}]}
`

// waitCollector waits until the garbage collector knows the kinds of siblings. It looks for new ones twice a minute.
// What it does not know it does not orphan, but deletes it later.
func (s *story) waitCollector() {
	s.Helper()
	s.apply(ownerless).mustSucceed()
	s.waitGone("upstreams", "ownerless")
	s.waitGone("routetables", "ownerless")
}
