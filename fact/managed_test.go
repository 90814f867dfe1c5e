package fact_test

import (
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// Aviary keeps what has the name that it gives and the app's label, whoever else manages it; or, where that label was
// taken away, what it wrote and a living version of the app owns.
func TestKept(t *testing.T) {
	t.Parallel()
	owned := func(kind, name, uid string) string {
		return ", ownerReferences: [{apiVersion: apps/v1, kind: " + kind + ", name: " + name + ", uid: " + uid + "}]"
	}
	const label = ", labels: {aviary.dev/app: echo}"
	const written = ", managedFields: [{manager: helm, operation: Update}, {manager: aviary, operation: Update}]"
	byHelm := owned("Deployment", "echo-v1", "u1") + strings.Replace(written, "aviary", "kubectl", 1)
	v1 := owned("Deployment", "echo-v1", "u1") + written
	cases := map[string]struct {
		reason, group, kind, name, rest string
		keeper                          string
		kept                            bool
	}{
		"Service":  {"name and label", "", "Service", "echo", label, "echo", true},
		"Upstream": {"name and label", "gloo.solo.io", "Upstream", "echo", label, "echo", true},
		"Shadow":   {"a shadow's name", "gloo.solo.io", "Upstream", "echo-shadow-v2", label, "echo", true},
		"Table":    {"name and label", "gateway.solo.io", "RouteTable", "echo-routes", label, "echo", true},
		"Helms": {
			"whoever manages it", "", "Service", "echo",
			", labels: {aviary.dev/app: echo, app.kubernetes.io/managed-by: Helm}", "echo", true,
		},
		"Copy":        {"another name", "gloo.solo.io", "Upstream", "echo-copy", label, "", false},
		"OtherKind":   {"Aviary makes none", "gateway.solo.io", "VirtualService", "echo-routes", label, "", false},
		"OtherLabel":  {"fox has no such name", "", "Service", "echo", ", labels: {aviary.dev/app: fox}", "", false},
		"Nothing":     {"no mark", "", "Service", "echo", ", labels: {app.kubernetes.io/managed-by: aviary}", "", false},
		"Owned":       {"the label was taken away", "", "Service", "echo", v1, "echo", true},
		"OwnedTable":  {"the label was taken away", "gateway.solo.io", "RouteTable", "echo-routes", v1, "echo", true},
		"Theirs":      {"Aviary never wrote it", "", "Service", "echo", byHelm, "", false},
		"TheirsTable": {"Aviary never wrote it", "gateway.solo.io", "RouteTable", "echo-routes", byHelm, "", false},
		"TheirsMarked": {
			"the label is enough", "", "Service", "echo", label + byHelm, "echo", true,
		},
		"WrittenOnly": {"handed over", "", "Service", "echo", written, "", false},
		"OwnedBySuccessor": {
			"of the same name", "", "Service", "echo", owned("Deployment", "echo-v1", "u0") + written, "", false,
		},
		"OwnedByGoing": {
			"it takes its objects along", "", "Service", "echo", owned("Deployment", "echo-v3", "u3") + written, "", false,
		},
		"OwnedByNoVersion": {
			"nobody's Deployment", "", "Service", "echo", owned("Deployment", "plain", "u4") + written, "", false,
		},
		"Controlled": {
			"an operator made it", "", "Service", "echo", strings.Replace(v1, "u1", "u1, controller: true", 1), "", false,
		},
		"OwnedByAnother": {"another kind", "", "Service", "echo", owned("StatefulSet", "echo-v1", "u1") + written, "", false},
	}
	store := inventory.NewStore()
	put := func(name, uid, more string) {
		store.Put(decode(t, "apps", "Deployment", "metadata: {name: "+name+", namespace: ns, uid: "+uid+more+"}"))
	}
	const version = ", annotations: {aviary.dev/app: echo}"
	put("echo-v1", "u1", version)
	put("echo-v3", "u3", version+", deletionTimestamp: '2026-01-01T00:00:00Z'")
	put("plain", "u4", "")
	versions, err := store.App(t.Context(), route.Ref{Namespace: "ns", Name: "echo"})
	if err != nil || len(versions) != 1 {
		t.Fatalf("%d versions, %v", len(versions), err)
	}
	for name, c := range cases {
		f := decode(t, c.group, c.kind, "metadata: {name: "+c.name+", namespace: ns"+c.rest+"}")
		m := fact.StateOf(f)
		if got := m.KeptFor("echo", versions); got != c.kept {
			t.Errorf("%s (%s): kept %t, want %t", name, c.reason, got, c.kept)
		}
		if got, err := fact.KeeperOf(t.Context(), store, f); got != c.keeper || err != nil {
			t.Errorf("%s (%s): kept for %q, %v, want %q", name, c.reason, got, err, c.keeper)
		}
	}
}

// Of a sibling's owners those count that are there, by UID; a Deployment that left the app, too.
func TestOwnersOf(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for name, uid := range map[string]string{"v1": "u1", "v2": "u2", "left": "u3"} {
		store.Put(decode(t, "apps", "Deployment", "metadata: {name: "+name+", namespace: ns, uid: "+uid+"}"))
	}
	m := fact.StateOf(decode(t, "", "Service", `
metadata:
  name: echo
  ownerReferences:
  - {kind: Deployment, name: v1, uid: u1}
  - {kind: Deployment, name: v2, uid: u0}
  - {kind: Deployment, name: left, uid: u3}
  - {kind: Deployment, name: gone, uid: u5}
  - {kind: ReplicaSet, name: v2, uid: u2}`))
	for namespace, want := range map[string]int{"ns": 2, "other": 0} {
		if got, err := fact.OwnersOf(t.Context(), store, namespace, m); err != nil || len(got) != want {
			t.Errorf("%s: %d owners, %v, want %d", namespace, len(got), err, want)
		}
	}
}
