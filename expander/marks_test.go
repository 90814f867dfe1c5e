package expander

import (
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// change edits one of what stands, and has the watch show it.
func (c *cluster) change(kind schema.GroupVersionKind, name string, edit func(*unstructured.Unstructured)) {
	c.t.Helper()
	o := c.object(kind, name)
	edit(o)
	if err := c.WithWatch.Update(c.t.Context(), o); err != nil {
		c.t.Fatal(err)
	}
	c.catchUp()
}

// label sets a label; without a value it takes it away.
func label(key, value string) func(*unstructured.Unstructured) {
	return func(o *unstructured.Unstructured) {
		labels := o.GetLabels()
		if delete(labels, key); value != "" {
			labels[key] = value
		}
		o.SetLabels(labels)
	}
}

func disown(o *unstructured.Unstructured) { o.SetOwnerReferences(nil) }

func handOver(o *unstructured.Unstructured) {
	label(convention.KeyApp, "")(o)
	disown(o)
}

// copied makes a copy of an object, its marks included, under another name.
func (c *cluster) copied(kind schema.GroupVersionKind, name, to string, edit func(*unstructured.Unstructured)) {
	c.t.Helper()
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(c.stands(kind, name))); err != nil {
		c.t.Fatal(err)
	}
	o.SetName(to)
	o.SetResourceVersion("")
	o.SetManagedFields(nil)
	if edit(o); c.Create(c.t.Context(), o) != nil {
		c.t.Fatal("it can't be created")
	}
	c.catchUp()
}

// rolledOut is an app of one version, in line.
func rolledOut(t *testing.T) *cluster {
	t.Helper()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.inLineAgain()
	return c
}

func (c *cluster) inLineAgain() {
	c.t.Helper()
	if result, err := c.reconcile(); err != nil || result.RequeueAfter != 0 {
		c.t.Fatalf("again in %s, %v", result.RequeueAfter, err)
	}
}

// What Aviary keeps it corrects, whoever claims to manage it and whatever mark was taken away; once both are gone it
// is left alone.
func TestKeptIsCorrected(t *testing.T) {
	t.Parallel()
	const managedBy = convention.KeyManagedBy
	for name, c := range map[string]struct {
		edit      func(*unstructured.Unstructured)
		managedBy string
		kept      bool
	}{
		"Helms":         {label(managedBy, "Helm"), "Helm", true},
		"NobodyManages": {label(managedBy, ""), convention.ManagedBy, true},
		"NoLabel":       {label(convention.KeyApp, ""), convention.ManagedBy, true},
		"AnothersLabel": {label(convention.KeyApp, "fox"), convention.ManagedBy, true},
		"NoOwner":       {disown, convention.ManagedBy, true},
		"HandedOver":    {handOver, convention.ManagedBy, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := rolledOut(t)
			for kind, object := range map[schema.GroupVersionKind]string{
				serviceKind: "echo", gloo.UpstreamKind: "echo", gloo.RouteTableKind: "echo-routes",
			} {
				var edited string
				cl.change(kind, object, func(o *unstructured.Unstructured) {
					c.edit(o)
					o.Object["spec"] = map[string]any{}
				})
				edited = cl.stands(kind, object)
				cl.inLineAgain()
				now := &unstructured.Unstructured{}
				if err := now.UnmarshalJSON([]byte(cl.stands(kind, object))); err != nil {
					t.Fatal(err)
				}
				if said := cl.events(); strings.Contains(said, "SiblingCollision") == c.kept {
					t.Errorf("%s: says %q", kind.Kind, said)
				}
				if !c.kept {
					if cl.stands(kind, object) != edited {
						t.Errorf("%s is somebody else's: %s", kind.Kind, cl.stands(kind, object))
					}
					continue
				}
				labels, spec := now.GetLabels(), now.Object["spec"].(map[string]any)
				if labels[convention.KeyApp] != "echo" || labels[managedBy] != c.managedBy || len(spec) == 0 ||
					len(now.GetOwnerReferences()) != 1 {
					t.Errorf("%s must be corrected: %s", kind.Kind, cl.stands(kind, object))
				}
				cl.refuse = func(verb string, o client.Object) error { return fmt.Errorf("%s %s once more", verb, o.GetName()) }
				cl.inLineAgain()
				cl.refuse = nothingFails
			}
		})
	}
}

// Siblings that stand as an older Aviary wrote them have labels and owners: a new one writes and deletes nothing.
func TestSiblingsFromBefore(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.apps = map[route.Ref]*memory{}
	c.refuse = func(verb string, o client.Object) error {
		if verb == "update" && o.GetObjectKind().GroupVersionKind() != serviceKind {
			return nil // the small API server adds an empty field to the spec of Gloo's objects
		}
		return fmt.Errorf("%s %s", verb, o.GetName())
	}
	c.inLineAgain()
	if said := c.events(); said != "" {
		t.Errorf("says %s", said)
	}
}

// A table whose label was taken away tells who was primary.
func TestRecordOutlivesTheLabel(t *testing.T) {
	t.Parallel()
	c := rolledOut(t)
	c.change(gloo.RouteTableKind, "echo-routes", label(convention.KeyApp, ""))
	versions, _ := c.Store.App(t.Context(), echo)
	live, err := c.liveTable(t.Context(), echo, versions, newMemory())
	if err != nil || !live.Exists || len(live.Record) != 1 {
		t.Errorf("%+v, %v", live, err)
	}
	if live, err = c.liveTable(t.Context(), echo, nil, newMemory()); err != nil || live.Exists {
		t.Errorf("nobody owns it: %+v, %v", live, err)
	}
}

// A copy of a sibling is nobody's, and so is a hand-marked object of another name, whatever becomes of the app.
func TestCopiesStay(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	asIs := func(*unstructured.Unstructured) {}
	c.copied(gloo.UpstreamKind, "echo", "echo-copy", asIs)
	c.copied(gloo.UpstreamKind, "echo", "used", disown)
	c.copied(gloo.RouteTableKind, "echo-routes", "copy-routes", asIs)
	c.copied(serviceKind, "echo", "copy", asIs)
	state := func() string {
		return c.stands(gloo.UpstreamKind, "echo-copy") + c.stands(gloo.UpstreamKind, "used") +
			c.stands(gloo.RouteTableKind, "copy-routes") + c.stands(serviceKind, "copy")
	}
	before := state()
	c.inLineAgain()
	c.version("v2", `"aviary.dev/role":"standby"`)
	c.inLineAgain()
	c.leave("v1", "v2")
	c.inLineAgain()
	if c.stands(gloo.UpstreamKind, "echo") != "" || c.stands(gloo.UpstreamKind, shadow) != "" {
		t.Error("the siblings must go")
	}
	if now := state(); now != before {
		t.Errorf("-before +now\n%s\n%s", before, now)
	}
	if said := c.events(); said != "" {
		t.Errorf("says %s", said)
	}
}

// What a version of another app owns is not deleted, whatever its labels say; what a version owns is.
func TestWhatAnotherAppOwnsStays(t *testing.T) {
	t.Parallel()
	for uid, goes := range map[string]bool{"v1": true, "fox": false, "gone": false} {
		c := rolledOut(t)
		c.version("fox", `"aviary.dev/role":"standby"`) // whose Deployment is echo-fox
		id := route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: "n", Name: "echo-fox"}}
		w := *c.Store.Fact(id).(*fact.Workload)
		version := *w.Version
		version.App, w.Version = "fox", &version
		c.Store.Put(&w)
		c.copied(gloo.UpstreamKind, "echo", "echo-shadow-x", func(o *unstructured.Unstructured) {
			o.SetOwnerReferences([]metav1.OwnerReference{
				{APIVersion: "apps/v1", Kind: "Deployment", Name: "echo-" + uid, UID: types.UID(uid)},
			})
		})
		c.inLineAgain()
		if stands := c.stands(gloo.UpstreamKind, "echo-shadow-x") != ""; stands == goes {
			t.Errorf("owned by %s: it stands: %t", uid, stands)
		}
	}
}

// leave has Deployments stay that are no versions any more.
func (c *cluster) leave(versions ...string) {
	for _, v := range versions {
		id := route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: "n", Name: "echo-" + v}}
		w := *c.Store.Fact(id).(*fact.Workload)
		w.Version = nil
		c.Store.Put(&w)
	}
}
