package expander

import (
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
)

// ownedBy creates an object that a Deployment owns, under a writer's name.
func (c *cluster) ownedBy(kind schema.GroupVersionKind, name, app, owner, writer string) {
	c.t.Helper()
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{}}}
	if kind == gloo.UpstreamKind {
		o.Object["spec"] = map[string]any{"kube": map[string]any{"serviceName": "fox", "serviceNamespace": "n"}}
	}
	o.SetGroupVersionKind(kind)
	o.SetNamespace("n")
	o.SetName(name)
	if app != "" {
		o.SetLabels(map[string]string{convention.KeyApp: app})
	}
	o.SetOwnerReferences([]metav1.OwnerReference{
		{APIVersion: "apps/v1", Kind: "Deployment", Name: "echo-" + owner, UID: types.UID(owner)},
	})
	if err := c.Create(c.t.Context(), o, client.FieldOwner(writer)); err != nil {
		c.t.Fatal(err)
	}
	c.catchUp()
}

// What never was Aviary's is not taken over because a version owns it: it lost no label.
func TestOwnedByHandStays(t *testing.T) {
	t.Parallel()
	for kind, name := range map[schema.GroupVersionKind]string{
		serviceKind: "echo", gloo.UpstreamKind: "echo", gloo.RouteTableKind: "echo-routes",
	} {
		for app, taken := range map[string]bool{"": false, "fox": false, "echo": true} {
			c := newCluster(t)
			c.version("v1", `"aviary.dev/role":"primary"`)
			c.ownedBy(kind, name, app, "v1", "kubectl")
			before := c.stands(kind, name)
			c.inLineAgain()
			if said := c.events(); strings.Contains(said, "SiblingCollision") == taken {
				t.Errorf("%s with label %q: says %q", kind.Kind, app, said)
			}
			if changed := c.stands(kind, name) != before; changed != taken {
				t.Errorf("%s with label %q: it is %s", kind.Kind, app, c.stands(kind, name))
			}
		}
	}
}

// A Deployment that says nothing is no proof that it was a version, unless Aviary wrote what it owns.
func TestOwnedByAPlainDeployment(t *testing.T) {
	t.Parallel()
	for writer, goes := range map[string]bool{"kubectl": false, fact.FieldManager: true} {
		for _, living := range []bool{true, false} {
			c := newCluster(t)
			c.version("v0", `"aviary.dev/role":"standby"`)
			c.version("v1", `"aviary.dev/role":"primary"`)
			c.leave("v0")
			c.ownedBy(gloo.UpstreamKind, "echo-shadow-x", "echo", "v0", writer)
			if !living {
				c.leave("v1")
			}
			c.inLineAgain()
			if stands := c.stands(gloo.UpstreamKind, "echo-shadow-x") != ""; stands == goes {
				t.Errorf("written by %s, the app lives: %t: it stands: %t", writer, living, stands)
			}
		}
	}
}
