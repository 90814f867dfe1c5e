package expander

import (
	"testing"

	"aviary.dev/dialect/gloo"
)

// Where the webhooks judge nothing, nothing is written, and what stands there stays as it is.
func TestNothingIsKeptInExemptNamespaces(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.exempt = true
	c.version("v1", `"aviary.dev/role":"primary"`)
	if result, err := c.reconcile(); err != nil || result.RequeueAfter != 0 {
		t.Fatal(result, err)
	}
	if c.stands(gloo.UpstreamKind, "echo") != "" || c.stands(serviceKind, "echo") != "" {
		t.Error("siblings were written")
	}
	if len(c.apps) > 0 {
		t.Error("the app is remembered")
	}
	c.exempt = false
	if _, err := c.reconcile(); err != nil || c.stands(gloo.RouteTableKind, "echo-routes") == "" {
		t.Fatal("elsewhere siblings are written", err)
	}
	c.exempt = true
	before := c.stands(gloo.RouteTableKind, "echo-routes")
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/paths":"/other"`)
	if _, err := c.reconcile(); err != nil || c.stands(gloo.RouteTableKind, "echo-routes") != before {
		t.Error("the table was changed", err)
	}
	c.without("v1")
	if _, err := c.reconcile(); err != nil || c.stands(gloo.RouteTableKind, "echo-routes") != before {
		t.Error("the table was removed", err)
	}
}
