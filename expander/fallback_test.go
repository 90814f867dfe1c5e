package expander

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
)

// fallback has the configuration say so, and looks what the Upstream then says.
func (c *cluster) fallback(said convention.Fallback) string {
	c.t.Helper()
	behaviour := c.Behaviour()
	behaviour.Settings.Fallback = said
	c.Behaviour = func() Behaviour { return behaviour }
	if _, err := c.reconcile(); err != nil {
		c.t.Fatal(err)
	}
	return c.stands(gloo.UpstreamKind, "echo")
}

// A changed setting reaches the Upstreams that are there. What the configuration does not say isn't written, and
// nothing is written for its sake.
func TestFallbackPolicyFollowsTheConfiguration(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	plain := c.fallback(convention.FallbackUnset)
	if strings.Contains(plain, "fallbackPolicy") {
		t.Errorf("nothing was said, got %s", plain)
	}
	if again := c.fallback(convention.FallbackUnset); again != plain {
		t.Errorf("nothing changed, got %s after %s", again, plain)
	}
	for _, step := range []struct {
		said convention.Fallback
		want string
	}{
		{convention.FallbackNone, `"fallbackPolicy":"NO_FALLBACK"`},
		{convention.FallbackAny, `"fallbackPolicy":"ANY_ENDPOINT"`},
	} {
		if got := c.fallback(step.said); !strings.Contains(got, step.want) {
			t.Errorf("%s: want %s, got %s", step.said, step.want, got)
		}
	}
	if got := c.fallback(convention.FallbackUnset); strings.Contains(got, "fallbackPolicy") {
		t.Errorf("what is said no more must go, as all that the plan lacks, got %s", got)
	}
}

// All of the spec is Aviary's (docs/adr/0003), so a policy by hand goes the way of any other addition, and an Upstream
// that an app uses keeps its own.
func TestFallbackPolicyByHand(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.fallback(convention.FallbackUnset)
	c.setPolicy("DEFAULT_SUBSET")
	if got := c.fallback(convention.FallbackUnset); strings.Contains(got, "fallbackPolicy") {
		t.Errorf("it must be put back, got %s", got)
	}

	c = newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/use":"upstream"`)
	used := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{}}}
	used.SetGroupVersionKind(gloo.UpstreamKind)
	used.SetNamespace("n")
	used.SetName("echo")
	if err := c.Create(t.Context(), used); err != nil {
		t.Fatal(err)
	}
	c.setPolicy("DEFAULT_SUBSET")
	if got := c.fallback(convention.FallbackNone); !strings.Contains(got, "DEFAULT_SUBSET") {
		t.Errorf("it is somebody else's, got %s", got)
	}
}

// setPolicy writes a policy into the Upstream, as a person does.
func (c *cluster) setPolicy(policy string) {
	c.t.Helper()
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(gloo.UpstreamKind)
	if err := c.Get(c.t.Context(), client.ObjectKey{Namespace: "n", Name: "echo"}, o); err != nil {
		c.t.Fatal(err)
	}
	err := unstructured.SetNestedField(o.Object, policy, "spec", "kube", "subsetSpec", "fallbackPolicy")
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.Update(c.t.Context(), o); err != nil {
		c.t.Fatal(err)
	}
	c.catchUp()
}
