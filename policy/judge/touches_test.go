package judge_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// TestTouchesNeighbours: a RouteTable that comes to a path changes what is to be said of those that have it, or one above
// or beneath it, in other namespaces.
func TestTouchesNeighbours(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for name, prefix := range map[string]string{"same": "/echo/a", "above": "/echo", "beneath": "/echo/a/b", "beside": "/echo/ab", "else": "/fox"} {
		store.Put(tableAt(t, name, prefix))
	}
	ids, err := judgeOf(t, policy.DefaultConfig()).Touches(t.Context(), tableAt(t, "comes", "/echo/a"), store)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range ids {
		got = append(got, id.Namespace)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"above", "beneath", "comes", "same"}, slices.Compact(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// tableAt is a RouteTable in a namespace of its name.
func tableAt(t *testing.T, name, prefix string) inventory.Fact {
	t.Helper()
	return facts(t, fmt.Appendf(nil, "{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: %[1]s, namespace: %[1]s}, spec: {routes: "+
		"[{matchers: [{prefix: %[2]s}], routeAction: {single: {upstream: {name: u, namespace: %[1]s}}}}]}}", name, prefix))[0]
}
