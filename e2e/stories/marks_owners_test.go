package stories

import (
	"fmt"
	"testing"
)

// TestForeignOwners has Deployments own objects that Aviary never wrote, as some charts do. A version that owns a
// Service of the app's name makes it nobody else's; a Deployment without annotations was no version, whatever label
// stands on what it owns.
func TestForeignOwners(t *testing.T) {
	t.Parallel()
	s := begin(t, "marks-owners")
	owned := func(x sibling, deployment string) {
		t.Helper()
		uid := s.mustGet("deployments", deployment).GetUID()
		s.jsonPatch(x.resource, x.name, fmt.Sprintf(`[{"op": "add", "path": "/metadata/ownerReferences", "value":
[{"apiVersion": "apps/v1", "kind": "Deployment", "name": %q, "uid": %q}]}]`, deployment, uid)).mustSucceed()
	}
	service, shadow := sibling{"services", "echo"}, sibling{"upstreams", "echo-shadow-x"}

	s.step("a chart has a Service of that name, which the app uses, and its Deployment owns")
	s.apply(`
apiVersion: v1
kind: Service
metadata: {name: echo}
spec: {selector: {app: echo}, ports: [{port: 80, targetPort: 8080}]}
`).mustSucceed()
	s.apply(v("v1", "role=primary", "use=service").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", allToV1)
	owned(service, "echo-v1")
	before := s.fingerprint(service)

	s.step("the app wants one of its own: refused; past admission the chart's is left alone")
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/use-").mustFail("[sibling-collision]",
		"exists and is not Aviary's")
	const useNone = `{"metadata": {"annotations": {"aviary.dev/use": null}}}`
	s.must(s.bypass().patch(t.Context(), "Deployment", "echo-v1", useNone))
	s.waitEvent("SiblingCollision", "this one is not Aviary's")
	if now := s.fingerprint(service); now != before {
		t.Errorf("the Service must not change: it was %s, is %s", before, now)
	}
	s.kubectl("", "label", "service", "echo", appLabel+"=echo").mustSucceed()
	s.waitLabels(service, "aviary")
	s.waitOwners("echo-v1")

	s.step("an Upstream that an ordinary Deployment owns, with the app's label")
	s.kubectl("", "create", "deployment", "plain", "--image=hashicorp/http-echo").mustSucceed()
	copied := backup(s.mustGet("upstreams", "echo"))
	copied.SetName(shadow.name)
	s.must(s.createObject(t.Context(), copied))
	owned(shadow, "plain")
	before = s.fingerprint(shadow)
	s.apply(v("v2", "role=shadow").String()).mustSucceed()
	s.waitAvailable("echo-v2")
	s.eventually("the shadow's Upstream", func() error { _, err := s.get("upstreams", "echo-shadow-v2"); return err })
	s.apply(v("v2", "role=standby").String()).mustSucceed()
	s.waitGone("upstreams", "echo-shadow-v2")
	if now := s.fingerprint(shadow); now != before {
		t.Errorf("the Upstream must not change: it was %s, is %s", before, now)
	}
}
