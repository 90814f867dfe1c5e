package expander

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
)

const (
	stampedEarly = `"aviary.dev/role":"primary","aviary.dev/promoted-at":"2026-01-01T00:00:00.000Z"`
	stampedLate  = `"aviary.dev/role":"primary","aviary.dev/promoted-at":"2026-01-02T00:00:00.000Z"`
	standsBy     = `"aviary.dev/role":"standby"`
)

// A table by an Aviary that did not say what it follows is written anew without a weight that moves, and who was
// primary may still be gone back to.
func TestUpgradeMovesNothing(t *testing.T) {
	t.Parallel()
	const both = "v1@0123456789,v2@1234567890"
	canary := func(weight string) string {
		return `"aviary.dev/role":"canary","aviary.dev/weight":"` + weight + `"`
	}
	for name, c := range map[string]struct {
		versions map[string]string
		was      string // as it was written then: by name, with digests of templates
		leads    string
	}{
		"one version":           {map[string]string{"v1": stampedEarly}, "v1@0123456789", "v1"},
		"a canary at 0":         {map[string]string{"v1": stampedEarly, "v2": canary("0")}, "v1@0123456789", "v1"},
		"a canary":              {map[string]string{"v1": stampedEarly, "v2": canary("10")}, "v1@0123456789", "v1"},
		"all weight":            {map[string]string{"v1": stampedEarly, "v2": canary("100")}, "v1@0123456789", "v1"},
		"promoted":              {map[string]string{"v1": standsBy, "v2": stampedLate}, both, "v2"},
		"alone":                 {map[string]string{"v2": stampedLate}, "v2@1234567890", "v2"},
		"swapped back":          {map[string]string{"v1": stampedLate, "v2": stampedEarly}, both, "v1"},
		"an implicit primary":   {map[string]string{"v1": `"aviary.dev/x-a":"b"`, "v2": canary("30")}, "v1@0123456789", "v1"},
		"no primary but a sole": {map[string]string{"v2": canary("100")}, "", "v2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newCluster(t)
			without := k.Behaviour()
			k.Behaviour = func() Behaviour { return Behaviour{Settings: without.Settings, Gate: true} }
			for v, says := range c.versions {
				k.version(v, says)
			}
			if _, err := k.reconcile(); err != nil {
				t.Fatal(err)
			}
			before := k.asOfOld(c.was)
			k.forget(echo) // another leader
			if _, err := k.reconcile(); err != nil {
				t.Fatal(err)
			}
			after := k.table()
			if diff := cmp.Diff(before.Object["spec"], after.Object["spec"]); diff != "" {
				t.Errorf("routes: -before +after\n%s", diff)
			}
			live := convention.ReadLiveTable(nil, after.GetAnnotations()[convention.KeyWasPrimary], "", "", k.Kinds.Keys())
			if got := live.Record.Last(); got != c.leads {
				t.Errorf("%q was primary last, want %s", got, c.leads)
			}
			if after.GetAnnotations()[convention.KeyFollows] == "" {
				t.Error("the table must say what it follows")
			}
		})
	}
}

// table is the app's, as it stands.
func (c *cluster) table() *unstructured.Unstructured {
	c.t.Helper()
	var out unstructured.Unstructured
	if err := json.Unmarshal([]byte(c.stands(gloo.RouteTableKind, "echo-routes")), &out.Object); err != nil {
		c.t.Fatal(err)
	}
	return &out
}

// asOfOld makes the table one of an Aviary that wrote another record and did not say what the table follows.
func (c *cluster) asOfOld(was string) *unstructured.Unstructured {
	c.t.Helper()
	table := c.table()
	annotations := table.GetAnnotations()
	delete(annotations, convention.KeyFollows)
	annotations[convention.KeyWasPrimary] = was
	table.SetAnnotations(annotations)
	if err := c.Update(c.t.Context(), table); err != nil {
		c.t.Fatal(err)
	}
	c.Store.Put(c.facts(c.Kinds.Of(table.GroupVersionKind().GroupKind()))[0])
	return table
}
