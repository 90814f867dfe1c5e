package judge_test

import (
	"slices"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

const (
	going        = ", finalizers: [example.com/hold], deletionTimestamp: '2026-01-01T00:00:00Z'"
	echoWorkload = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo, namespace: echo},
 spec: {template: {metadata: {labels: {app: echo}}, spec: {containers: [{name: c}]}}}, status: {availableReplicas: 1}}
---
{apiVersion: v1, kind: Service, metadata: {name: echo, namespace: echo},
 spec: {selector: {app: echo}, ports: [{port: 80}]}}`
	toEcho = "{matchers: [{prefix: /}], delegateAction: {ref: {name: echo, namespace: echo}}}"
)

// liveTable is one whose route has an available Pod.
func liveTable() string {
	return tableYAML("name: echo, namespace: echo", "{matchers: [{prefix: /echo}], "+
		"routeAction: {single: {kube: {ref: {name: echo, namespace: echo}, port: 80}}}}")
}

// leads is a root that hands all requests on to it.
func leads(metadata, domains string) string {
	return rootYAML(metadata+", namespace: gloo-system", "domains: ["+domains+"], routes: ["+toEcho+"]")
}

// finds returns the mode of a rule's first finding; empty for none.
func finds(t *testing.T, rule string, r judge.Request, store *inventory.Store) string {
	t.Helper()
	found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, store)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(found, func(f policy.Finding) bool { return f.Rule == rule })
	if i < 0 {
		return ""
	}
	return found[i].Mode.String()
}

func worldOf(t *testing.T, objects ...string) (*inventory.Store, []fact.Fact) {
	t.Helper()
	store, all := inventory.NewStore(), facts(t, []byte(strings.Join(objects, "\n---\n")))
	for _, f := range all {
		store.Put(f)
	}
	return store, all
}

// TestRootsThatEnd: a root that is being deleted serves until its finalizer is gone. Whoever empties it before that
// takes live routes away like whoever deletes it.
func TestRootsThatEnd(t *testing.T) {
	t.Parallel()
	root := func(more, spec string) string {
		return "{apiVersion: gateway.solo.io/v1, kind: VirtualService, " +
			"metadata: {name: public, namespace: gloo-system" + more + "}, spec: {" + spec + "}}"
	}
	for with, others := range map[string][]string{
		"nothing else":              nil,
		"another root":              {leads("name: other", "'*'")},
		"another root that goes":    {leads("name: other"+going, "'*'")},
		"a root for another domain": {leads("name: other", "till.example")},
	} {
		old := leads("name: public"+going, "shop.example")
		kept := map[string]string{"another root": "", "a root for another domain": "warn"}
		want, stays := kept[with]
		if !stays {
			want = "deny"
		}
		for what, c := range map[string]struct {
			now  string
			want string
		}{
			"loses its routes":    {root(going, "virtualHost: {domains: [shop.example]}"), want},
			"loses its spec":      {root(going, ""), want},
			"loses its domain":    {leads("name: public"+going, "shpo.example"), want},
			"loses its finalizer": {leads("name: public, deletionTimestamp: '2026-01-01T00:00:00Z'", "shop.example"), ""},
		} {
			store, all := worldOf(t, slices.Concat([]string{old, echoWorkload, liveTable()}, others)...)
			now := facts(t, []byte(c.now))[0]
			got := finds(t, "routes-kept", judge.Request{Operation: judge.Update, Old: all[0], New: now}, store)
			if got != c.want {
				t.Errorf("beside %s the root %s: %q, want %q", with, what, got, c.want)
			}
		}
	}
}

// TestBelowRootsThatEnd: what lies below one is taken, and judged, until it is gone. What it alone drops is not.
func TestBelowRootsThatEnd(t *testing.T) {
	t.Parallel()
	const selects = "{matchers: [{prefix: /api}], delegateAction: {selector: {namespaces: ['*']}}}"
	at := func(namespace, path string) string {
		return tableYAML("name: mine, namespace: "+namespace,
			"{matchers: [{prefix: "+path+"}], directResponseAction: {status: 200}}")
	}
	for ends, dropped := range map[string]string{"": "deny", going: ""} {
		public := rootYAML("name: public, namespace: gloo-system"+ends, "routes: ["+selects+"]")
		store, _ := worldOf(t, public, at("echo", "/api/echo"))
		for path, want := range map[string]string{"/api/echo": "deny", "/api/fox": ""} {
			request := judge.Request{Operation: judge.Create, New: facts(t, []byte(at("fox", path)))[0]}
			if got := finds(t, "path-owned", request, store); got != want {
				t.Errorf("%s below a root with %q: %q, want %q", path, ends, got, want)
			}
		}
		request := judge.Request{Operation: judge.Create, New: facts(t, []byte(at("fox", "/fox")))[0]}
		if got := finds(t, "parent-accepts", request, store); got != dropped {
			t.Errorf("a path that a root with %q drops: %q, want %q", ends, got, dropped)
		}
	}
}
