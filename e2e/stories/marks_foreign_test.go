package stories

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestForeignMarks has marks on objects that Aviary never made: copies of an Upstream, with a route to one, and one
// that somebody marks who may not delete it. Whatever becomes of the app, they are neither deleted nor written.
func TestForeignMarks(t *testing.T) {
	t.Parallel()
	s := begin(t, "marks-foreign")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.waitOwners("echo-v1")
	s.step("copies of the Upstream, as of kubectl get -o yaml")
	original := s.mustGet("upstreams", "echo")
	owned := backup(original)
	owned.SetName("echo-owned")
	owned.SetOwnerReferences(original.GetOwnerReferences())
	copied := backup(original)
	copied.SetName("echo-copy")
	for _, o := range []*unstructured.Unstructured{owned, copied} {
		s.must(s.createObject(t.Context(), o))
	}
	table := replace(s.table("by-hand", destination{"v1", 0}), "upstream: {name: echo", "upstream: {name: echo-copy")
	s.apply(table).mustSucceed()
	team := s.tenant("marks-foreign-team")
	team.kubectl("", "delete", "upstream", "echo-copy").mustFail("[upstream-in-use]")
	team.kubectl("", "delete", "upstream", "echo-owned", "--dry-run=server").mustSucceed()
	s.step("an Upstream that a user marks who may not delete it")
	s.apply(`
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: used}
spec:
  kube: {selector: {app: echo}, serviceName: echo, serviceNamespace: marks-foreign, servicePort: 80,
    subsetSpec: {selectors: [{keys: [version]}]}}
`).mustSucceed()
	marker := s.user("marker", "get,update,patch upstreams.gloo.solo.io")
	marker.kubectl("", "label", "upstream", "used", managedByLabel+"=aviary", appLabel+"=echo").mustSucceed()
	marker.kubectl("", "delete", "upstream", "used").mustFail("forbidden")
	foreign := []sibling{{"upstreams", "echo-owned"}, {"upstreams", "echo-copy"}, {"upstreams", "used"}}
	before := make([]string, len(foreign))
	for i, x := range foreign {
		before[i] = s.fingerprint(x)
	}
	unchanged := func(of int) {
		t.Helper()
		for i, x := range foreign[len(foreign)-of:] {
			was := before[len(foreign)-of+i]
			if now := s.fingerprint(x); now != was {
				t.Errorf("%s must not change: it was %s, is %s", x.name, was, now)
			}
		}
	}

	s.step("a shadow comes and goes: that Upstream is Aviary's")
	s.apply(v("v2", "role=shadow").String()).mustSucceed()
	s.waitAvailable("echo-v2")
	s.eventually("the shadow's Upstream", func() error { _, err := s.get("upstreams", "echo-shadow-v2"); return err })
	s.apply(v("v2", "role=standby").String()).mustSucceed()
	s.waitGone("upstreams", "echo-shadow-v2")
	unchanged(3)

	s.step("the last version leaves the app")
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.kubectl("", "delete", "deployment", "echo-v2").mustSucceed()
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/retire=true").mustSucceed()
	s.waitGone("routetables", "echo-routes")
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/app-", "aviary.dev/role-", "aviary.dev/retire-").
		mustSucceed()
	s.waitNoSiblings()
	unchanged(3)
	s.step("its Deployment is deleted: the garbage collector takes what says that it is owned")
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitGone("upstreams", "echo-owned")
	unchanged(2)
	for _, reason := range []string{"SiblingCollision", "Orphaned"} {
		if n := s.countEvents(reason, ""); n != 0 {
			t.Errorf("there are %d Events %s", n, reason)
		}
	}
}

// backup returns of an object what a backup tool brings back: without its owners and what the API server writes.
func backup(o *unstructured.Unstructured) *unstructured.Unstructured {
	out := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": o.GetAPIVersion(), "kind": o.GetKind(), "spec": o.DeepCopy().Object["spec"],
	}}
	out.SetName(o.GetName())
	out.SetLabels(o.GetLabels())
	out.SetAnnotations(o.GetAnnotations())
	if o.GetKind() == "Service" {
		unstructured.RemoveNestedField(out.Object, "spec", "clusterIP")
		unstructured.RemoveNestedField(out.Object, "spec", "clusterIPs")
	}
	return out
}
