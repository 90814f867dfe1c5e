package judge_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// TestAffectsNeighbours: a RouteTable that comes to a path changes what is to be said of those that
// have it, or one above or beneath it, in other namespaces.
func TestAffectsNeighbours(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for name, prefix := range map[string]string{"same": "/echo/a", "above": "/echo", "beneath": "/echo/a/b", "beside": "/echo/ab", "else": "/fox"} {
		store.Put(tableAt(t, name, prefix))
	}
	ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), nil, tableAt(t, "comes", "/echo/a"), store)
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

// TestAffectsBelow: what delegates changes what is to be said of the tables that it led to or leads
// to, by way of others, too; but not where it leads as before.
func TestAffectsBelow(t *testing.T) {
	t.Parallel()
	delegates := func(kind, name, to, status string) fact.Fact {
		t.Helper()
		routes := "[{matchers: [{prefix: /}], delegateAction: {selector: {labels: {group: " + to + "}, namespaces: ['*']}}}]"
		if kind == "VirtualService" {
			routes = "{domains: ['*'], routes: " + routes + "}"
			return facts(t, []byte("{apiVersion: gateway.solo.io/v1, kind: VirtualService, metadata: {name: "+name+", namespace: parent, labels: {at: s"+status+"}}, spec: {virtualHost: "+routes+"}}"))[0]
		}
		return facts(t, []byte("{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: "+name+", namespace: parent, labels: {group: a}}, spec: {routes: "+routes+"}}"))[0]
	}
	store := inventory.NewStore()
	for name, group := range map[string]string{"in-a": "a", "in-b": "b", "in-c": "c"} {
		store.Put(facts(t, fmt.Appendf(nil, "{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: %[1]s, namespace: %[1]s, labels: {group: %[2]s}}, spec: {routes: "+
			"[{matchers: [{prefix: /%[1]s}], redirectAction: {hostRedirect: x}}]}}", name, group))[0])
	}
	store.Put(delegates("RouteTable", "middle", "b", ""))
	a, again, c := delegates("VirtualService", "vs", "a", "1"), delegates("VirtualService", "vs", "a", "2"), delegates("VirtualService", "vs", "c", "1")
	for _, x := range []struct {
		name     string
		old, new fact.Fact
		want     []string
	}{
		{"comes", nil, a, []string{"in-a", "in-b", "middle", "vs"}},
		{"goes", a, nil, []string{"in-a", "in-b", "middle", "vs"}},
		{"leads elsewhere", a, c, []string{"in-a", "in-b", "in-c", "middle", "vs"}},
		{"leads as before", a, again, []string{"vs"}},
	} {
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), x.old, x.new, store)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range ids {
			got = append(got, id.Name)
		}
		slices.Sort(got)
		if diff := cmp.Diff(x.want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", x.name, diff)
		}
	}
}

// tableAt is a RouteTable in a namespace of its name.
func tableAt(t *testing.T, name, prefix string) fact.Fact {
	t.Helper()
	return facts(t, fmt.Appendf(nil, "{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: %[1]s, namespace: %[1]s}, spec: {routes: "+
		"[{matchers: [{prefix: %[2]s}], routeAction: {single: {upstream: {name: u, namespace: %[1]s}}}}]}}", name, prefix))[0]
}
