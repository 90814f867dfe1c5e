package expander

import (
	"errors"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/dialect/gloo"
)

const shadow = "echo-shadow-v2"

// shadowed is an app with a shadow, in line.
func shadowed(t *testing.T) *cluster {
	t.Helper()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.version("v2", `"aviary.dev/role":"shadow"`)
	if _, err := c.reconcile(); err != nil {
		t.Fatal(err)
	}
	table := c.stands(gloo.RouteTableKind, "echo-routes")
	if c.stands(gloo.UpstreamKind, shadow) == "" || !strings.Contains(table, shadow) {
		t.Fatal("there must be a shadow")
	}
	return c
}

// fails has the writes of a kind fail.
func fails(verb string, kind schema.GroupVersionKind) func(string, client.Object) error {
	return func(v string, o client.Object) error {
		if v == verb && o.GetObjectKind().GroupVersionKind() == kind {
			return apierrors.NewInternalError(errors.New("no " + verb))
		}
		return nil
	}
}

func nothingFails(string, client.Object) error { return nil }

// Whoever looks at an Upstream's removal finds no route that names it any more.
func TestTableIsWrittenBeforeItsUpstreamGoes(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.without("v2")
	c.refuse = func(verb string, o client.Object) error {
		if verb == "delete" && strings.Contains(c.stands(gloo.RouteTableKind, "echo-routes"), o.GetName()) {
			return denied()
		}
		return nil
	}
	if result, err := c.reconcile(); err != nil || result.RequeueAfter != 0 || c.stands(gloo.UpstreamKind, shadow) != "" {
		t.Errorf("the shadow's Upstream must go at once, got %v and %v", result, err)
	}
}

// A removal that fails holds nothing else up, and is tried again.
func TestRemovalThatFailsFreezesNothing(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.without("v2")
	c.version("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`)
	c.refuse = fails("delete", gloo.UpstreamKind)
	if _, err := c.reconcile(); err == nil {
		t.Error("it must be tried again")
	}
	if table := c.stands(gloo.RouteTableKind, "echo-routes"); !strings.Contains(table, `"weight":40`) {
		t.Errorf("the canary must have its weight: %s", table)
	}
	c.refuse = nothingFails
	if _, err := c.reconcile(); err != nil || c.stands(gloo.UpstreamKind, shadow) != "" {
		t.Errorf("the shadow's Upstream must go in the end: %v", err)
	}
}

// An Upstream that the live RouteTable may still name stays.
func TestUpstreamOfAStaleTableStays(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.without("v2")
	c.refuse = fails("update", gloo.RouteTableKind)
	if _, err := c.reconcile(); err == nil || c.stands(gloo.UpstreamKind, shadow) == "" {
		t.Errorf("a RouteTable that could not be written still names it: %v", err)
	}

	c = shadowed(t)
	c.without("v2")
	c.version("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`)
	c.version("v4", `"aviary.dev/role":"canary","aviary.dev/weight":"61"`) // more than there is
	before := c.stands(gloo.RouteTableKind, "echo-routes")
	if _, err := c.reconcile(); err != nil || c.stands(gloo.UpstreamKind, shadow) == "" {
		t.Errorf("a RouteTable that is kept as it is still names it: %v", err)
	}
	if before != c.stands(gloo.RouteTableKind, "echo-routes") {
		t.Error("the RouteTable must stay as it is")
	}
}

// What goes with its RouteTable goes after it.
func TestRetiredTableGoesFirst(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.without("v2")
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/retire":"true"`)
	c.refuse = fails("delete", gloo.RouteTableKind)
	if _, err := c.reconcile(); err == nil || c.stands(gloo.UpstreamKind, shadow) == "" {
		t.Errorf("an Upstream must not go before the RouteTable: %v", err)
	}
	c.refuse = nothingFails
	_, err := c.reconcile()
	if err != nil || c.stands(gloo.RouteTableKind, "echo-routes") != "" || c.stands(gloo.UpstreamKind, shadow) != "" {
		t.Errorf("both must go: %v", err)
	}
	if c.stands(serviceKind, "echo") == "" || c.stands(gloo.UpstreamKind, "echo") == "" {
		t.Error("Service and Upstream stay")
	}
}
