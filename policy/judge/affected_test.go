package judge_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// changed is the change of one object.
func changed(old, new fact.Fact) []judge.Change { return []judge.Change{{Old: old, New: new}} }

// TestAffectsNeighbours: a RouteTable that comes to a path changes what is to be said of those that
// have it, or one above or beneath it, or one whose text it begins, in other namespaces.
func TestAffectsNeighbours(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for name, prefix := range map[string]string{
		"same": "/echo/a", "above": "/echo", "beneath": "/echo/a/b", "begins": "/echo/ab", "beside": "/echo/b",
		"else": "/fox",
	} {
		store.Put(tableAt(t, name, prefix))
	}
	comes := changed(nil, tableAt(t, "comes", "/echo/a"))
	ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), comes, store)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range ids {
		got = append(got, id.Namespace)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"above", "begins", "beneath", "comes", "same"}, slices.Compact(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestAffectsPatterns: what a path may take of regular expressions, and a regular expression of paths, is judged anew.
func TestAffectsPatterns(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for name, path := range map[string]string{
		"text": "prefix: /echo", "whole": "regex: /echo/.*", "open": "regex: /ech.*", "else": "regex: /fox/.*",
	} {
		store.Put(oneRoute(t, name, 0, path))
	}
	for path, want := range map[string][]string{
		"prefix: /ech": {"comes", "open", "text", "whole"},
		"regex: /ec.*": {"comes", "open", "text", "whole"},
		"exact: /ech":  {"comes", "open"},
		"prefix: /bar": {"comes", "open"},
	} {
		comes := changed(nil, oneRoute(t, "comes", 0, path))
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), comes, store)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range ids {
			got = append(got, id.Namespace)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", path, diff)
		}
	}
}

// TestAffectsWhoNamesIt: a table that comes or goes changes what is to be said of what names it.
func TestAffectsWhoNamesIt(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for name, ref := range map[string]string{
		"right": "{name: comes, namespace: comes}", "wrong": "{name: comes, namespace: b}",
	} {
		store.Put(facts(t, []byte(rootYAML("name: "+name+", namespace: "+name,
			"domains: ["+name+"], routes: [{matchers: [{prefix: /}], delegateAction: {ref: "+ref+"}}]")))[0])
	}
	j, comes := judgeOf(t, policy.DefaultConfig()), tableAt(t, "comes", "/echo")
	for name, c := range map[string]struct {
		old, new fact.Fact
		want     bool
	}{"comes": {nil, comes, true}, "goes": {comes, nil, true}, "stays": {comes, comes, false}} {
		ids, err := j.Affected(t.Context(), changed(c.old, c.new), store)
		if err != nil {
			t.Fatal(err)
		}
		names := func(id route.ID) bool { return id.Namespace == "right" }
		if got := slices.ContainsFunc(ids, names); got != c.want {
			t.Errorf("%s: got %v", name, ids)
		}
		if slices.ContainsFunc(ids, func(id route.ID) bool { return id.Namespace == "wrong" }) {
			t.Errorf("%s: got %v, which name another table", name, ids)
		}
	}
}

// TestAffectsBelow: what delegates changes what is to be said of the tables that it led to or leads
// to, by way of others, too; but not where it leads as before.
func TestAffectsBelow(t *testing.T) {
	t.Parallel()
	delegates := func(kind, name, to, status string) fact.Fact {
		t.Helper()
		routes := "{matchers: [{prefix: /}], delegateAction: {selector: {labels: {group: " + to + "}, namespaces: ['*']}}}"
		text := tableYAML("name: "+name+", namespace: parent, labels: {group: a}", routes)
		if kind == "VirtualService" {
			text = rootYAML("name: "+name+", namespace: parent, labels: {at: s"+status+"}",
				"domains: ['*'], routes: ["+routes+"]")
		}
		return facts(t, []byte(text))[0]
	}
	store := inventory.NewStore()
	for name, group := range map[string]string{"in-a": "a", "in-b": "b", "in-c": "c"} {
		text := tableYAML("name: "+name+", namespace: "+name+", labels: {group: "+group+"}",
			"{matchers: [{prefix: /"+name+"}], redirectAction: {hostRedirect: x}}")
		store.Put(facts(t, []byte(text))[0])
	}
	store.Put(delegates("RouteTable", "middle", "b", ""))
	a, again := delegates("VirtualService", "vs", "a", "1"), delegates("VirtualService", "vs", "a", "2")
	c := delegates("VirtualService", "vs", "c", "1")
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
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(x.old, x.new), store)
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
	return facts(t, []byte(tableYAML("name: "+name+", namespace: "+name,
		"{matchers: [{prefix: "+prefix+"}], routeAction: {single: {upstream: {name: u, namespace: "+name+"}}}}")))[0]
}

// TestAffectsVersions: the record of an app's table tells whose primary the app's versions are.
func TestAffectsVersions(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for _, app := range []string{"echo", "other"} {
		store.Put(facts(t, fmt.Appendf(nil, `{apiVersion: apps/v1, kind: Deployment,
  metadata: {name: %[1]s-v1, namespace: echo, annotations: {aviary.dev/app: %[1]s}},
  spec: {template: {metadata: {labels: {app: %[1]s, version: v1}}}}}`, app))[0])
	}
	table := facts(t, []byte(`{apiVersion: gateway.solo.io/v1, kind: RouteTable,
  metadata: {name: echo-routes, namespace: echo,
    labels: {app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo}}}`))[0]
	ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(nil, table), store)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, id := range ids {
		got = append(got, id.Name)
	}
	if diff := cmp.Diff([]string{"echo-routes", "echo-v1"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestAffectsFrozen: what keeps others' changes from going live may be mended, or come, by another object: a root with
// the same domain, or the list that a route refers to.
func TestAffectsFrozen(t *testing.T) {
	t.Parallel()
	root := func(name, domains string) fact.Fact {
		return facts(t, []byte(rootYAML("name: "+name+", namespace: ns", "domains: "+domains)))[0]
	}
	refers := func(name, group string) fact.Fact {
		return facts(t, []byte(tableYAML("name: "+name+", namespace: ns",
			"{routeAction: {upstreamGroup: {name: "+group+", namespace: ns}}}")))[0]
	}
	group := facts(t, []byte("{apiVersion: gloo.solo.io/v1, kind: UpstreamGroup, metadata: {name: g, namespace: ns}}"))[0]
	store := inventory.NewStore()
	for _, f := range []fact.Fact{
		root("one", "[a, b]"), root("other", "[c]"), root("all", "[]"), refers("to-it", "g"), refers("away", "h"),
	} {
		store.Put(f)
	}
	for _, x := range []struct {
		name     string
		old, new fact.Fact
		want     []string
	}{
		{"a domain comes", nil, root("new", "[b, x]"), []string{"new", "one"}},
		{"a domain goes", root("new", "[c]"), nil, []string{"new", "other"}},
		{"all of them", nil, root("new", "[]"), []string{"all", "new"}},
		{"a group comes", nil, group, []string{"g", "to-it"}},
		{"a group goes", group, nil, []string{"g", "to-it"}},
	} {
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(x.old, x.new), store)
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
