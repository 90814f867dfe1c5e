package inventory

import (
	"context"
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// counting is a cluster without objects that counts the GETs.
type counting struct{ gets int }

func (c *counting) List(context.Context, dialect.ObjectList, ListOptions) error { return nil }

func (c *counting) Get(context.Context, types.NamespacedName, dialect.Object) error {
	c.gets++
	return nil
}

// TestTablesOfOthersAreReadUpToABound asks live for the tables that name a backend, of which another team has a
// thousand: the first are read, and the others are as the hints have them.
func TestTablesOfOthersAreReadUpToABound(t *testing.T) {
	t.Parallel()
	upstream := route.ID{
		GroupKind: schema.GroupKind{Group: gloo.UpstreamKind.Group, Kind: gloo.UpstreamKind.Kind},
		Ref:       route.Ref{Namespace: "shop", Name: "echo"},
	}
	store := NewStore()
	const all = 20 * maxHints
	for i := range all {
		table := &fact.Table{}
		table.GroupKind, table.Namespace, table.Name = gloo.RouteTableKind.GroupKind(), "b", fmt.Sprintf("t%05d", i)
		table.Routes = []route.Route{{Destinations: []route.Destination{{Backend: &route.Backend{ID: upstream}}}}}
		store.Put(table)
	}
	cluster := &counting{}
	list, err := NewLive(cluster, glootest.Kinds(), store).TablesTo(t.Context(), upstream)
	if err != nil || len(list) != all-maxHints || cluster.gets != maxHints {
		t.Errorf("%d tables after %d GETs, %v; must be %d after %d", len(list), cluster.gets, err, all-maxHints, maxHints)
	}
}
