package stories

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestRestoredInOrder loses a namespace and restores it as Velero does: Services, then Deployments with their stamps,
// then Upstreams and RouteTables, none with owners. What comes first waits for the rest, and gets its owners.
func TestRestoredInOrder(t *testing.T) {
	t.Parallel()
	s := begin(t, "marks-restore")
	s.rolloutTo("role=primary") // Both state the role: only their stamps tell who is primary.
	s.waitOwners("echo-v1", "echo-v2")
	var stored []*unstructured.Unstructured
	for _, x := range []sibling{
		{"services", "echo"},
		{"deployments", "echo-v2"},
		{"deployments", "echo-v1"},
		{"upstreams", "echo"},
		{"routetables", "echo-routes"},
	} {
		stored = append(stored, backup(s.mustGet(x.resource, x.name)))
	}
	s.kubectl("", "delete", "namespace", s.namespace, "--timeout=60s").mustSucceed()
	s.kubectl("", "create", "namespace", s.namespace).mustSucceed()
	s.eventually("the namespace's ServiceAccount", func() error {
		_, err := s.get("serviceaccounts", "default")
		return err
	})

	s.step("the Service comes first, and late is told of once")
	s.must(s.createObject(t.Context(), stored[0]))
	service := s.fingerprint(sibling{"services", "echo"})
	s.waitEvent("Orphaned", "kubectl delete service echo -n "+s.namespace)
	if now := s.fingerprint(sibling{"services", "echo"}); now != service {
		t.Errorf("the Service must not change: it was %s, is %s", service, now)
	}
	uid := s.mustGet("services", "echo").GetUID()

	s.step("the rest; what Aviary has made meanwhile is there already")
	for _, o := range stored[1:] {
		if err := s.createObject(t.Context(), o); err != nil && !apierrors.IsAlreadyExists(err) {
			t.Fatal(err)
		}
	}
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", allToV2)
	s.waitOwners("echo-v1", "echo-v2")
	if now := s.mustGet("services", "echo").GetUID(); now != uid {
		t.Errorf("the Service must be the one that was restored, %s, is %s", uid, now)
	}
	if n := s.countEvents("Orphaned", ""); n != 1 {
		t.Errorf("it must be told once, is %d times", n)
	}
	if n := s.countEvents("SiblingCollision", ""); n != 0 {
		t.Errorf("there are %d collisions", n)
	}
	s.step("it goes on from there")
	s.apply(v("v1", "role=standby").String()).mustSucceed()
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitOwners("echo-v2")
	s.waitTraffic("echo", allToV2)
}
