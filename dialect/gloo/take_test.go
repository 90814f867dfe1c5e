package gloo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

func TestTake(t *testing.T) {
	t.Parallel()
	const none = dialect.DropReason("")
	cases := map[string]struct {
		reason, parent, child string
		want                  dialect.DropReason
	}{
		"NoMatcher":         {"stands for /", `{}`, `{matchers: [{prefix: /echo}]}`, none},
		"Text":              {"/echo takes /echoes", `{matchers: [{prefix: /echo}]}`, `{matchers: [{exact: /echoes}]}`, none},
		"Regex":             {"its text counts", `{matchers: [{prefix: /echo}]}`, `{matchers: [{regex: "/echo/.*"}]}`, none},
		"RegexElsewhere":    {"as above", `{matchers: [{prefix: /}]}`, `{matchers: [{regex: ".*/echo"}]}`, dialect.ByPath},
		"OtherPath":         {"not beneath", `{matchers: [{prefix: /echo}]}`, `{matchers: [{prefix: /fox}]}`, dialect.ByPath},
		"Shorter":           {"not beneath", `{matchers: [{prefix: /echo}]}`, `{matchers: [{prefix: /}]}`, dialect.ByPath},
		"NoPath":            {"has no text", `{}`, `{matchers: [{headers: [{name: a}]}]}`, dialect.ByPath},
		"Connect":           {"has no text", `{}`, `{matchers: [{connectMatcher: {}}]}`, dialect.ByPath},
		"NoChildMatcher":    {"it is /", `{}`, `{}`, none},
		"NoChildMatcherTwo": {"it is /", `{matchers: [{prefix: /echo}]}`, `{}`, dialect.ByPath},
		"OneOfTwo": {
			"one bad matcher drops the route", `{matchers: [{prefix: /echo}]}`,
			`{matchers: [{prefix: /echo}, {prefix: /fox}]}`, dialect.ByPath,
		},
		"PathTaken": {
			"takes the parent's path", `{matchers: [{prefix: /echo}]}`,
			`{inheritablePathMatchers: true, matchers: [{headers: [{name: a}]}]}`, none,
		},
		"ParentSays": {
			"for all that say nothing", `{inheritablePathMatchers: true, matchers: [{prefix: /echo}]}`,
			`{matchers: [{headers: [{name: a}]}]}`, none,
		},
		"ChildDeclines": {
			"its own word counts", `{inheritablePathMatchers: true, matchers: [{prefix: /echo}]}`,
			`{inheritablePathMatchers: false, matchers: [{prefix: /fox}]}`, dialect.ByPath,
		},
		"Headers": {
			"must be repeated", `{matchers: [{prefix: /, headers: [{name: a, value: b}]}]}`, `{matchers: [{prefix: /echo}]}`,
			dialect.ByHeaders,
		},
		"HeadersAgain": {
			"are repeated", `{matchers: [{prefix: /, headers: [{name: a, value: b}]}]}`,
			`{matchers: [{prefix: /echo, headers: [{name: c}, {name: a, value: b}]}]}`, none,
		},
		"HeadersTaken": {
			"are taken", `{matchers: [{prefix: /, headers: [{name: a, value: b}]}]}`,
			`{inheritableMatchers: true, matchers: [{prefix: /echo}]}`, none,
		},
		"HeadersForgotten": {
			"with no path beside them", `{matchers: [{headers: [{name: a, value: b}]}]}`, `{matchers: [{prefix: /echo}]}`, none,
		},
		"LastOfAName": {
			"Gloo sees the last one of a name", `{matchers: [{prefix: /, headers: [{name: a, value: b}]}]}`,
			`{matchers: [{prefix: /echo, headers: [{name: a, value: b}, {name: a, value: c}]}]}`, dialect.ByHeaders,
		},
		"TwoOfTheParents": {
			"nothing repeats both", `{matchers: [{prefix: /, headers: [{name: a, value: b}, {name: a, value: c}]}]}`,
			`{matchers: [{prefix: /echo, headers: [{name: a, value: b}, {name: a, value: c}]}]}`, dialect.ByHeaders,
		},
		"OwnOfAName": {
			"the parent's is not taken beside it", `{matchers: [{prefix: /, headers: [{name: a, value: b}]}]}`,
			`{inheritableMatchers: true, matchers: [{prefix: /echo, headers: [{name: a, value: c}]}]}`, dialect.ByHeaders,
		},
		"NoMatcherInherits": {
			"it is / first", `{matchers: [{prefix: /echo, headers: [{name: a}]}]}`,
			`{inheritableMatchers: true, inheritablePathMatchers: true}`, none,
		},
		"CaseBeforeHeaders": {
			"what is told first", `{matchers: [{prefix: /, caseSensitive: true, headers: [{name: a}]}]}`,
			`{matchers: [{prefix: /echo}]}`, dialect.ByCase,
		},
		"Query": {
			"must be repeated", `{matchers: [{prefix: /, queryParameters: [{name: a}]}]}`, `{matchers: [{prefix: /echo}]}`,
			dialect.ByQuery,
		},
		"Methods": {
			"all must be repeated", `{matchers: [{prefix: /, methods: [GET, POST]}]}`,
			`{matchers: [{prefix: /echo, methods: [GET]}]}`, dialect.ByMethods,
		},
		"Case": {
			"to say nothing is not to say true", `{matchers: [{prefix: /}]}`,
			`{matchers: [{prefix: /echo, caseSensitive: true}]}`, dialect.ByCase,
		},
		"CaseBoth": {
			"the same", `{matchers: [{prefix: /, caseSensitive: false}]}`,
			`{matchers: [{prefix: /echo, caseSensitive: false}]}`, none,
		},
		"CaseTaken": {
			"with the path", `{inheritablePathMatchers: true, matchers: [{prefix: /echo, caseSensitive: false}]}`,
			`{matchers: [{headers: [{name: a}]}]}`, none,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := host(t, "- {delegateAction: {ref: {name: child, namespace: a}}, "+tc.parent[1:])
			child := child(t, "child", tc.child)
			p := newParents([]*fact.Table{host}, nil)
			ways := p.Ways(child)
			if len(ways) != 1 {
				t.Fatalf("%s\n%d ways, want 1", tc.reason, len(ways))
			}
			got := none
			if _, drop := ways[0].Take(&child.Routes[0]); drop != nil {
				got = drop.For
			}
			if got != tc.want {
				t.Errorf("%s\nTake() = %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

// host reads a VirtualService with these routes.
func host(t *testing.T, routes string) *fact.Table {
	t.Helper()
	return readVirtualService(decode[VirtualService](t,
		"metadata: {name: public, namespace: gloo-system}\nspec:\n  virtualHost:\n    routes:\n    "+routes))
}

// child reads a RouteTable with one route.
func child(t *testing.T, name, r string) *fact.Table {
	t.Helper()
	return readRouteTable(decode[RouteTable](t, "metadata: {name: "+name+", namespace: a}\nspec: {routes: ["+r+"]}"))
}

// What a route takes from its parents it takes from all of them.
func TestTakeThroughTables(t *testing.T) {
	t.Parallel()
	top := host(t, `- {inheritableMatchers: true, matchers: [{prefix: /api, headers: [{name: a}]}],
      delegateAction: {ref: {name: middle, namespace: a}}}`)
	middle := child(t, "middle",
		`{matchers: [{prefix: /api/v1, methods: [GET]}], delegateAction: {ref: {name: leaf, namespace: a}}}`)
	leaf := child(t, "leaf", `{matchers: [{prefix: /api/v1/echo}]}`)
	ways := newParents([]*fact.Table{top, middle}, nil).Ways(leaf)
	if len(ways) != 1 {
		t.Fatalf("%d ways, want 1", len(ways))
	}
	got, drop := ways[0].Take(&leaf.Routes[0])
	want := []route.Matcher{{
		Path: route.Path{Kind: route.Prefix, Value: "/api/v1/echo"}, Headers: []route.Header{{Name: "a"}},
		Methods: []string{"GET"},
	}}
	if diff := cmp.Diff(want, got); drop != nil || diff != "" {
		t.Errorf("Take() = %v, -want +got:\n%s", drop, diff)
	}
}

// A delegating route that Gloo drops, or can't delegate by, leads nowhere.
func TestWaysEnd(t *testing.T) {
	t.Parallel()
	to := func(name string) string { return "delegateAction: {ref: {name: " + name + ", namespace: a}}" }
	leaf := child(t, "leaf", `{matchers: [{prefix: /api/echo}]}`)
	cases := map[string]struct {
		reason, top, middle string
		want                int
	}{
		"Through":    {"the near miss", `{matchers: [{prefix: /api}]`, `{matchers: [{prefix: /api/echo}]`, 1},
		"Dropped":    {"not beneath /api", `{matchers: [{prefix: /api}]`, `{matchers: [{prefix: /}]`, 0},
		"Exact":      {"no prefix", `{matchers: [{prefix: /api}]`, `{matchers: [{exact: /api/echo}]`, 0},
		"TwoMatcher": {"not by two", `{matchers: [{prefix: /}]`, `{matchers: [{prefix: /a}, {prefix: /api}]`, 0},
		"TopTwo":     {"not by two", `{matchers: [{prefix: /a}, {prefix: /api}]`, `{matchers: [{prefix: /api}]`, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := []*fact.Table{host(t, "- "+tc.top+", "+to("middle")+"}"), child(t, "middle", tc.middle+", "+to("leaf")+"}")}
			if got := len(newParents(all, nil).Ways(leaf)); got != tc.want {
				t.Errorf("%s\n%d ways, want %d", tc.reason, got, tc.want)
			}
		})
	}
}

// A circle ends, and two teams that lead to a third in the same way are one.
func TestWaysInCircles(t *testing.T) {
	t.Parallel()
	all := []*fact.Table{
		host(t, "- {delegateAction: {ref: {name: one, namespace: a}}}"),
		child(t, "one", "{delegateAction: {selector: {}}}"),
		child(t, "two", "{delegateAction: {selector: {}}}"),
	}
	leaf := child(t, "leaf", `{matchers: [{prefix: /echo}]}`)
	if got := len(newParents(all, nil).Ways(leaf)); got != 2 {
		t.Errorf("%d ways, want those of both tables", got)
	}
}
