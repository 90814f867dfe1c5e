package inventory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// TestOfParents: what was made of all parents holds for every request but one that changes a parent.
func TestOfParents(t *testing.T) {
	t.Parallel()
	table := func(name string, hands fact.Parent) *fact.Table {
		id := route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: "a", Name: name}}
		return &fact.Table{Table: route.Table{ID: id}, Parent: hands}
	}
	leads, leaf := table("leads", parent{}), table("leaf", nil)
	store := inventory.NewStore()
	store.Put(leads)
	store.Put(leaf)
	live := inventory.NewLive(nil, glootest.Kinds(), store)
	for name, c := range map[string]struct {
		base fact.Reader
		now  *fact.Table
		id   route.ID
		want []string // nil: it is not kept
	}{
		"Audited":  {store, leads, leads.ID, []string{"leads"}},
		"Leaf":     {store, table("leaf", nil), leaf.ID, []string{"leads"}},
		"NewLeaf":  {store, table("new", nil), table("new", nil).ID, []string{"leads"}},
		"LeafGoes": {store, nil, leaf.ID, []string{"leads"}},
		"Live":     {live, table("leaf", nil), leaf.ID, []string{"leads"}},
		"Twice": {
			inventory.Overlay{Reader: store, ID: leaf.ID, Now: leaf}, table("new", nil), table("new", nil).ID, []string{"leads"},
		},

		"Parent":      {store, table("leads", parent{}), leads.ID, nil},
		"ParentGoes":  {store, nil, leads.ID, nil},
		"Becomes":     {store, table("leaf", parent{}), leaf.ID, nil},
		"IsNoMore":    {store, table("leads", nil), leads.ID, nil},
		"NewParent":   {store, table("new", parent{}), table("new", nil).ID, nil},
		"LiveParent":  {live, table("leads", parent{}), leads.ID, nil},
		"TwiceParent": {inventory.Overlay{Reader: store, ID: leads.ID}, table("new", nil), table("new", nil).ID, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := inventory.Overlay{Reader: c.base, ID: c.id}
			if c.now != nil {
				world.Now = c.now
			}
			made, kept := world.OfParents("names", func(all []*fact.Table) any {
				var out []string
				for _, t := range all {
					out = append(out, t.Name)
				}
				return out
			})
			if got, _ := made.([]string); kept != (c.want != nil) || !cmp.Equal(c.want, got) {
				t.Errorf("OfParents() = %v, %t; want %v", made, kept, c.want)
			}
		})
	}
}
