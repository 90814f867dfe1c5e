package expander

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect/gloo"
)

// What the plan no longer has, and no version owned, stays with what it names, and is told of once.
func TestUnownedStays(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.change(gloo.UpstreamKind, shadow, disown)
	c.version("v2", `"aviary.dev/role":"standby"`)
	const told = "Warning Orphaned app echo needs this no more, but Aviary deletes only what a version owned. " +
		"Nobody owns it; to delete it: kubectl delete "
	for _, want := range []string{told + "upstream echo-shadow-v2 -n n", ""} {
		c.inLineAgain()
		if said := c.events(); said != want || c.stands(gloo.UpstreamKind, shadow) == "" {
			t.Errorf("says %q, want %q", said, want)
		}
	}
	c.version("v2", `"aviary.dev/role":"shadow"`)
	c.inLineAgain()
	c.version("v2", `"aviary.dev/role":"standby"`)
	c.inLineAgain()
	if c.stands(gloo.UpstreamKind, shadow) != "" {
		t.Error("as a sibling it got its owners, and goes")
	}

	c = shadowed(t)
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/retire":"true"`)
	c.change(gloo.RouteTableKind, "echo-routes", disown)
	c.version("v2", `"aviary.dev/role":"standby"`)
	c.inLineAgain()
	if said := c.events(); said != told+"routetable echo-routes -n n" || c.stands(gloo.UpstreamKind, shadow) == "" {
		t.Errorf("the table and what it names must stay: %q", said)
	}
}

// A restore brings Services first: they stay, nobody tells of them until it is late, and they get their owners.
func TestRestoredInOrder(t *testing.T) {
	t.Parallel()
	c := rolledOut(t)
	c.change(serviceKind, "echo", disown)
	service := c.stands(serviceKind, "echo")
	again := newCluster(t)
	again.create(serviceKind, service)
	if result, err := again.reconcile(); err != nil || result.RequeueAfter == 0 || again.events() != "" {
		t.Errorf("the rest may come: again in %s, %v", result.RequeueAfter, err)
	}
	again.later = orphanGrace + time.Second
	for _, want := range []string{
		"Warning Orphaned app echo has no Deployment any more, so Aviary leaves this as it is until it has one. " +
			"Nobody owns it; to delete it: kubectl delete service echo -n n", "",
	} {
		again.inLineAgain()
		if said := again.events(); said != want || again.stands(serviceKind, "echo") == "" {
			t.Errorf("says %q, want %q", said, want)
		}
	}
	again.version("v1", `"aviary.dev/role":"primary"`)
	again.inLineAgain()
	if now := again.stands(serviceKind, "echo"); !strings.Contains(now, `"uid":"v1"`) || again.events() != "" {
		t.Errorf("it must get its owner: %s", now)
	}
	again.without("v1")
	again.change(serviceKind, "echo", disown)
	if result, err := again.reconcile(); err != nil || result.RequeueAfter == 0 || again.events() != "" {
		t.Errorf("it is an orphan anew: again in %s, %v", result.RequeueAfter, err)
	}
}

func (c *cluster) create(kind schema.GroupVersionKind, text string) {
	c.t.Helper()
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
	o.SetGroupVersionKind(kind)
	o.SetResourceVersion("")
	if err := c.Create(c.t.Context(), o); err != nil {
		c.t.Fatal(err)
	}
	c.catchUp()
}

// The last Deployment that leaves takes its siblings along, but for a table that nobody owns, and what that names.
func TestLeftWithoutAnOwner(t *testing.T) {
	t.Parallel()
	c := rolledOut(t)
	c.change(gloo.RouteTableKind, "echo-routes", disown)
	c.leave("v1")
	c.later = time.Hour
	if _, err := c.reconcile(); err != nil || c.stands(serviceKind, "echo") == "" {
		t.Errorf("the route leads to it: %v", err)
	}
	if err := c.Client.Delete(t.Context(), asObject(t, c.stands(gloo.RouteTableKind, "echo-routes"))); err != nil {
		t.Fatal(err)
	}
	c.catchUp()
	c.inLineAgain()
	if c.stands(serviceKind, "echo") != "" || c.stands(gloo.UpstreamKind, "echo") != "" {
		t.Error("the others must go")
	}
}

func asObject(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return o
}

// Kubernetes takes a Deployment that is deleted with --cascade=orphan out of its siblings' owners. Who sees that before
// it sees the Deployment go must not put it back, or Kubernetes would delete the sibling.
func TestGoesWithoutItsSiblings(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(c *cluster, d *unstructured.Unstructured){
		"Going": func(c *cluster, d *unstructured.Unstructured) {
			d.SetFinalizers([]string{metav1.FinalizerOrphanDependents})
			c.must(c.plain.Update(c.t.Context(), d))
			c.must(c.plain.Delete(c.t.Context(), d))
		},
		"Gone":     func(c *cluster, d *unstructured.Unstructured) { c.must(c.plain.Delete(c.t.Context(), d)) },
		"MadeAnew": madeAnew,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := rolledOut(t)
			end(c, c.object(deploymentKind, "echo-v1"))
			c.change(serviceKind, "echo", disown)
			c.events()
			if result, err := c.reconcile(); err != nil || result.RequeueAfter != soon {
				t.Errorf("again in %s, %v", result.RequeueAfter, err)
			}
			if now, said := c.stands(serviceKind, "echo"), c.events(); strings.Contains(now, `"uid":"v1"`) || said != "" {
				t.Errorf("it must have no owner: %s\n%s", now, said)
			}
			c.without("v1")
			if _, err := c.reconcile(); err != nil || c.stands(serviceKind, "echo") == "" {
				t.Errorf("it must stay: %v", err)
			}
		})
	}
	c := rolledOut(t)
	c.change(serviceKind, "echo", disown)
	c.inLineAgain()
	if now := c.stands(serviceKind, "echo"); !strings.Contains(now, `"uid":"v1"`) {
		t.Errorf("of a Deployment that lives it must be put back: %s", now)
	}
}

func (c *cluster) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// madeAnew replaces a Deployment by another one of its name.
func madeAnew(c *cluster, d *unstructured.Unstructured) {
	c.t.Helper()
	c.must(c.plain.Delete(c.t.Context(), d))
	d.SetUID("another")
	d.SetResourceVersion("")
	c.must(c.plain.Create(c.t.Context(), d))
}
