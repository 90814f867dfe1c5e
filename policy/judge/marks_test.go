package judge_test

import (
	"strings"
	"testing"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// TestOwnedSiblings: a sibling whose label was taken away is in nobody's way while a version of the app owns it, and
// nobody else's to be used. What Aviary never wrote is somebody else's, whoever owns it.
func TestOwnedSiblings(t *testing.T) {
	t.Parallel()
	deployment := func(version, more string) string {
		return `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: echo-` + version + `
  namespace: echo
  uid: ` + version + `
  annotations: {aviary.dev/app: echo, aviary.dev/api-group: example` + more + `}
spec:
  selector: {matchLabels: {app: echo, version: ` + version + `}}
  template:
    metadata: {labels: {app: echo, version: ` + version + `}}
    spec: {containers: [{name: echo, ports: [{containerPort: 8080}]}]}
`
	}
	owned := func(uid string) string {
		return `
apiVersion: v1
kind: Service
metadata:
  name: echo
  namespace: echo
  managedFields: [{manager: aviary, operation: Update}]
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: echo-v1, uid: ` + uid + `}]
spec: {selector: {app: echo}, ports: [{port: 80}]}
`
	}
	const collides, isOwn = "exists and is not Aviary's", "it is Aviary's own"
	const gone = "it would go with the Deployment"
	const primary, standby, use = ", aviary.dev/role: primary", ", aviary.dev/role: standby", ", aviary.dev/use: service"
	theirs := strings.Replace(owned("v1"), "manager: aviary", "manager: kubectl", 1)
	for name, c := range map[string]struct{ service, request, says string }{
		"ByAVersion":        {owned("v1"), deployment("v2", standby), ""},
		"ByItself":          {owned("v1"), deployment("v1", primary), ""},
		"ByAnother":         {owned("v0"), deployment("v2", standby), collides},
		"Theirs":            {theirs, deployment("v2", standby), collides},
		"UsedAndTheirs":     {theirs, deployment("v1", primary+use), gone},
		"UsedWhileOwned":    {owned("v1"), deployment("v1", primary+use), isOwn},
		"UsedAndAnothers":   {owned("v0"), deployment("v1", primary+use), gone},
		"UsedAndHandedOver": {strings.Replace(owned("v1"), "ownerR", "noR", 1), deployment("v1", primary+use), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			for _, f := range facts(t, []byte(deployment("v1", primary)+"---"+c.service)) {
				store.Put(f)
			}
			r := judge.Request{Operation: judge.Update, New: facts(t, []byte(c.request))[0]}
			r.Old = store.Fact(r.New.Identity())
			if r.Old == nil {
				r.Operation = judge.Create
			}
			found, err := judgeWith(t, policy.DefaultConfig(), glootest.Kinds()).Decide(t.Context(), r, store)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, f := range found {
				if f.Rule == "sibling-collision" {
					said += f.String()
				}
			}
			if c.says == "" && said != "" || !strings.Contains(said, c.says) {
				t.Errorf("says %q, must say %q", said, c.says)
			}
		})
	}
}

// TestOwnedTable: a table whose label was taken away tells what it gives.
func TestOwnedTable(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	for uid, want := range map[string]bool{"u1": true, "u0": false} {
		store := inventory.NewStore()
		for _, f := range facts(t, []byte(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo-v1, namespace: echo, uid: u1, annotations: {aviary.dev/app: echo}}
spec: {template: {metadata: {labels: {app: echo, version: v1}}}}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata:
  name: echo-routes
  namespace: echo
  uid: table
  managedFields: [{manager: aviary, operation: Update}]
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: echo-v1, uid: `+uid+`}]
`)) {
			store.Put(f)
		}
		settings := convention.Settings{Keys: kinds.Keys()}
		app, err := judge.App(t.Context(), store, route.Ref{Namespace: "echo", Name: "echo"}, settings, kinds)
		if err != nil || app.Live().Exists != want {
			t.Errorf("owned by %s: exists %t, %v", uid, app.Live().Exists, err)
		}
	}
}
