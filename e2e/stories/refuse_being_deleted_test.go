package stories

import (
	"fmt"
	"strings"
	"testing"
)

// answers returns a RouteTable that answers all requests to a path itself.
func answers(name, path string) string {
	return fmt.Sprintf(`---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: %s, labels: {apiGroup: example}}
spec: {routes: [{matchers: [{prefix: %s}], directResponseAction: {status: 200}}]}
`, name, path)
}

// unused are objects that no route uses.
const unused = `---
apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: idle}
spec: {virtualHost: {domains: [idle.being-deleted.example.com]}}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: idle}
spec: {static: {hosts: [{addr: example.com, port: 80}]}}
`

// hold deletes an object that a finalizer holds.
func (s *story) hold(kind, name string) {
	s.Helper()
	s.must(s.patch(s.Context(), kind, name, `{"metadata": {"finalizers": ["example.com/hold"]}}`))
	s.must(s.remove(s.Context(), kind, name))
	if s.mustGet(kinds[kind].Resource, name).GetDeletionTimestamp() == nil {
		s.Fatalf("%s %s must be in deletion", kind, name)
	}
}

// letGo lets such an object go.
func (s *story) letGo(kind, name string) {
	s.Helper()
	s.must(s.patch(s.Context(), kind, name, `{"metadata": {"finalizers": null}}`))
}

// TestBeingDeleted changes objects that are being deleted, and that a finalizer holds. Gloo serves them until they are
// gone, so they are judged like any other: somebody who may write objects may hold his own for as long as he likes.
func TestBeingDeleted(t *testing.T) {
	t.Parallel()
	s, thief := begin(t, "being-deleted"), begin(t, "being-deleted-thief")
	s.apply(replace(s.virtualService(""), "namespaces: [being-deleted]",
		"namespaces: [being-deleted, being-deleted-thief]")).mustSucceed()
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=10"), v("v3"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2", "echo-v3")
	const shifted = "stage=canary /echo: v2; /echo: v1 90, v2 10"
	s.waitTraffic("echo", shifted)
	thief.apply(answers("held", "/own") + unused).mustSucceed()
	for _, kind := range []string{"VirtualService", "Upstream"} {
		thief.hold(kind, "idle")
	}
	thief.hold("RouteTable", "held")
	s.hold("Deployment", "echo-v3")

	thief.step("a table takes another team's path, as a living one may not, or says what can't be")
	takes := func(routes string) outcome {
		return thief.mergePatch("routetable", "held", `{"spec": {"routes": [`+routes+`]}}`)
	}
	thief.apply(answers("living", "/echo"), "--dry-run=server").mustFail("[path-owned]")
	const stolen = `{"matchers": [{"prefix": "/echo"}], "directResponseAction": {"status": 200}}`
	takes(stolen).mustFail("[path-owned]", "path /echo is RouteTable being-deleted/echo-routes")
	half := func(version string) string {
		return `{"weight": 10, "destination": {"upstream": {"name": "echo", "namespace": "being-deleted"},
"subset": {"values": {"version": "` + version + `"}}}}`
	}
	takes(`{"matchers": [{"prefix": "/own"}], "routeAction": {"multi": {"destinations": [`+
		half("v1")+`, `+half("v99")+`]}}}`).mustFail("[weights-sum]", "[version-deployed]")

	thief.step("a VirtualService takes another one's domain, an Upstream can't be read")
	thief.mergePatch("virtualservice", "idle", `{"spec": {"virtualHost": {"domains": ["being-deleted.example.com"]}}}`).
		mustFail("[freezes-others]")
	thief.mergePatch("upstream", "idle", `{"spec": {"connectionConfig": {"connectTimeout": "soon"}}}`).
		mustFail("[freezes-others]")

	thief.step("what passed unjudged is told of")
	bypass := thief.bypass()
	s.must(bypass.patch(t.Context(), "RouteTable", "held", `{"spec": {"routes": [`+stolen+`]}}`))
	thief.waitEvent("RuleBroken", "path /echo is RouteTable being-deleted/echo-routes")

	s.step("a Deployment says what can't be")
	s.kubectl("", "annotate", "deployment", "echo-v3", "aviary.dev/weight=101").mustFail("[annotations-valid]")

	s.step("what Aviary keeps is not put back while it is being deleted")
	refused := func(out outcome, reason string) {
		t.Helper()
		if out.mustFail(reason); strings.Contains(out.stderr, "puts it back") {
			t.Errorf("nobody puts it back, but: %s", out.stderr)
		}
	}
	s.hold("Upstream", "echo")
	refused(s.jsonPatch("upstream", "echo", `[{"op": "remove", "path": "/spec/kube/subsetSpec"}]`), "[upstream-in-use]")
	s.hold("Service", "echo")
	refused(s.mergePatch("service", "echo", `{"spec": {"selector": {"version": "v1"}}}`), "[selector-clean]")
	s.hold("RouteTable", "echo-routes")
	const weight = "/spec/routes/1/routeAction/multi/destinations/1/weight"
	refused(s.jsonPatch("routetable", "echo-routes", `[{"op": "replace", "path": "`+weight+`", "value": 20}]`),
		"[weights-sum]")

	s.step("once the finalizers are gone, so are the objects, and what Aviary keeps comes back")
	for kind, name := range map[string]string{
		"RouteTable": "echo-routes", "Upstream": "echo", "Service": "echo", "Deployment": "echo-v3",
	} {
		s.letGo(kind, name)
	}
	s.waitGone("deployments", "echo-v3")
	s.waitTraffic("echo", shifted)
	s.waitOwners("echo-v1", "echo-v2")

	thief.step("and so is a namespace that is deleted with them")
	thief.kubectl("", "delete", "namespace", thief.namespace, "--wait=false").mustSucceed()
	thief.mergePatch("upstream", "idle", `{"spec": {"connectionConfig": {"connectTimeout": "soon"}}}`).
		mustFail("[freezes-others]")
	for kind, name := range map[string]string{"RouteTable": "held", "VirtualService": "idle", "Upstream": "idle"} {
		thief.letGo(kind, name)
		thief.waitGone(kinds[kind].Resource, name)
	}
	thief.deleteNamespace()
}
