package expander

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// What somebody changes or deletes is restored, with an Event. What the garbage collector does is no news: it takes
// away references to owners that are gone, and with the last of them the sibling.
func TestRestoredIsSaidOfWhatSomebodyDid(t *testing.T) {
	t.Parallel()
	ports := func(o *unstructured.Unstructured) { _ = unstructured.SetNestedSlice(o.Object, nil, "spec", "ports") }
	ownerless := func(o *unstructured.Unstructured) { o.SetOwnerReferences(nil) }
	another := func(o *unstructured.Unstructured) {
		o.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: "x", UID: "x"}})
	}
	both := func(o *unstructured.Unstructured) { ports(o); ownerless(o) }
	for name, c := range map[string]struct {
		edit   func(*unstructured.Unstructured) // nil: it is deleted
		anew   bool                             // the only Deployment is another one of its name
		beside bool                             // there is a second Deployment, which stays
		says   string
	}{
		"Changed":             {edit: ports, says: "Normal Restored somebody changed it"},
		"OwnersGone":          {edit: ownerless},
		"OtherOwners":         {edit: another},
		"OwnersAndMore":       {edit: both, says: "Normal Restored somebody changed it"},
		"Deleted":             {says: "Normal Restored somebody deleted it"},
		"DeploymentMadeAnew":  {anew: true},
		"OneOfTwoIsMadeAnew":  {anew: true, beside: true, says: "Normal Restored somebody deleted it"},
		"ChangedAndMadeAnew":  {edit: ports, anew: true}, // the plan has other owners: all is written
		"OwnersOfOneMadeAnew": {edit: ownerless, anew: true, beside: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cluster := newCluster(t)
			cluster.version("v1", `"aviary.dev/role":"primary"`)
			if c.beside {
				cluster.version("v2", `"aviary.dev/role":"standby"`)
			}
			cluster.mustReconcile()
			stood := cluster.object(serviceKind, "echo")
			cluster.events()

			o := stood.DeepCopy()
			var err error
			if c.edit == nil {
				err = cluster.Delete(t.Context(), o)
			} else {
				c.edit(o)
				err = cluster.Update(t.Context(), o)
			}
			if err != nil {
				t.Fatal(err)
			}
			cluster.catchUp()
			if c.anew {
				id := route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: "n", Name: "echo-v1"}}
				w, _ := cluster.Store.Workload(t.Context(), id)
				next := *w
				next.UID = "another"
				cluster.Store.Put(&next)
				madeAnew(cluster, cluster.object(deploymentKind, "echo-v1"))
			}
			cluster.mustReconcile()
			said := cluster.events()
			if c.says == "" && said != "" || !strings.HasPrefix(said, c.says) {
				t.Errorf("said %q, must say %q", said, c.says)
			}
			now := cluster.object(serviceKind, "echo")
			if diff := cmp.Diff(stood.Object["spec"], now.Object["spec"]); diff != "" {
				t.Errorf("the spec (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(stood.GetOwnerReferences(), now.GetOwnerReferences()); (diff != "") != c.anew {
				t.Errorf("the owners (-want +got):\n%s", diff)
			}
		})
	}
}

func (c *cluster) mustReconcile() {
	c.t.Helper()
	if _, err := c.reconcile(); err != nil {
		c.t.Fatal(err)
	}
}
