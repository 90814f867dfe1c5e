package stories

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestRestore restores an app from a backup into another namespace. The stored Deployments, stamps
// included, give the same routes there.
func TestRestore(t *testing.T) {
	t.Parallel()
	s := begin(t, "restore-from")
	s.rolloutTo("role=primary") // Now both state the role, and only their stamps tell who is primary.
	to := begin(t, "restore-to")
	for _, name := range []string{"echo-v2", "echo-v1"} {
		d := s.mustGet("deployments", name)
		stamped := d.GetAnnotations()["aviary.dev/promoted-at"]
		if stamped == "" {
			t.Fatalf("%s states the role primary and must have been stamped", name)
		}
		copied := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": d.GetAPIVersion(), "kind": d.GetKind(), "spec": d.Object["spec"],
		}}
		copied.SetName(name)
		copied.SetNamespace(to.namespace)
		copied.SetLabels(d.GetLabels())
		copied.SetAnnotations(d.GetAnnotations())
		made, err := to.client("deployments").Create(t.Context(), copied, metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if again := made.GetAnnotations()["aviary.dev/promoted-at"]; again != stamped {
			t.Errorf("the stamp of %s must be kept, was %s, is %s", name, stamped, again)
		}
		if diff := cmp.Diff(d.Object["spec"], made.Object["spec"]); diff != "" {
			t.Errorf("%s was defaulted already and must not change (-before +after)\n%s", name, diff)
		}
	}
	to.waitTraffic("echo", allToV2)
}
