package gloo_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"aviary.dev/gloo"
	"aviary.dev/route"
)

func decode[T any](t testing.TB, text string) *T {
	t.Helper()
	var out T
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("decode: %v\n%s", err, text)
	}
	return &out
}

func weight(n int64) *int64 { return new(n) }

func TestRouteTable(t *testing.T) {
	t.Parallel()
	echo := route.Ref{Namespace: "echo", Name: "echo"}
	cases := map[string]struct {
		reason, spec string
		want         []route.Route
	}{
		"Empty": {"no spec at all is accepted by the CRD", ``, []route.Route{}},
		"Single": {"the seed's; the namespace is that of the table", `
routes:
- name: main
  matchers: [{prefix: /echo}]
  routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v1}}}}`, []route.Route{{
			Field: "spec.routes[0]", Name: "main", Matchers: []route.Matcher{{Path: route.Path{Kind: route.Prefix, Value: "/echo"}}},
			Destinations: []route.Destination{{Field: "spec.routes[0].routeAction.single", Upstream: echo, Subset: map[string]string{"version": "v1"}}},
		}}},
		"Multi": {"weights may be null or absent", `
routes:
- routeAction:
    multi:
      destinations:
      - {weight: 90, destination: {upstream: {name: echo, namespace: other}}}
      - {weight: null, destination: {kube: {ref: {name: a, namespace: b}, port: 80}}}
      - {destination: {consul: {serviceName: c}}}
      - {weight: 0}`, []route.Route{{
			Field: "spec.routes[0]", Weighted: true, DestinationsField: "spec.routes[0].routeAction.multi.destinations",
			Destinations: []route.Destination{
				{Field: "spec.routes[0].routeAction.multi.destinations[0].destination", Upstream: route.Ref{Namespace: "other", Name: "echo"}, Weight: weight(90)},
				{Field: "spec.routes[0].routeAction.multi.destinations[1].destination", Other: &route.Other{Kind: "kube", Service: route.Ref{Namespace: "b", Name: "a"}}},
				{Field: "spec.routes[0].routeAction.multi.destinations[2].destination", Other: &route.Other{Kind: "consul"}},
				{Field: "spec.routes[0].routeAction.multi.destinations[3]", Weight: weight(0)},
			},
		}}},
		"Group": {"upstreamGroup has no default namespace", `
routes: [{routeAction: {upstreamGroup: {name: g}}}]`, []route.Route{{Field: "spec.routes[0]", Group: &route.Ref{Name: "g"}}}},
		"Others": {"redirect, direct response and an unknown action send nowhere; unknown fields are skipped", `
routes:
- {redirectAction: {hostRedirect: x, responseCode: FOUND}, inheritableMatchers: true}
- {directResponseAction: {status: 404}, optionsConfigRefs: {delegateOptions: [{name: a}]}}
- {routeAction: {clusterHeader: x-cluster}}
- {}`, []route.Route{
			{Field: "spec.routes[0]", Action: `redirectAction: {"hostRedirect":"x","responseCode":"FOUND"}`, Inherits: route.Yes},
			{Field: "spec.routes[1]", Action: `directResponseAction: {"status":404}`},
			{Field: "spec.routes[2]", Action: "clusterHeader: x-cluster"},
			{Field: "spec.routes[3]"},
		}},
		"Shadowing": {"a number with or without a fraction; no default namespace", `
routes:
- options: {shadowing: {upstream: {name: s}, percentage: 12.5}, timeout: 5s}
- options: {shadowing: {upstream: {name: s, namespace: other}, percentage: 100}}
- options: {prefixRewrite: /}`, []route.Route{
			{Field: "spec.routes[0]", Shadow: route.Ref{Name: "s"}}, {Field: "spec.routes[1]", Shadow: route.Ref{Namespace: "other", Name: "s"}}, {Field: "spec.routes[2]"},
		}},
		"Matchers": {"each kind; null is absent", `
routes:
- matchers:
  - {exact: /a, caseSensitive: false}
  - {regex: "/a.*", caseSensitive: null}
  - {connectMatcher: {}, caseSensitive: true}
  - {prefix: null, methods: [GET, POST]}
  - {prefix: "", headers: [{name: a, value: b}, {name: c}, {name: d, value: e, regex: true, invertMatch: true}], queryParameters: [{name: q, value: "1", regex: true}]}`, []route.Route{{
			Field: "spec.routes[0]", Matchers: []route.Matcher{
				{Path: route.Path{Kind: route.Exact, Value: "/a"}, CaseInsensitive: true},
				{Path: route.Path{Kind: route.Regex, Value: "/a.*"}},
				{Path: route.Path{Kind: route.Connect}},
				{Methods: []string{"GET", "POST"}},
				{
					Path:    route.Path{Kind: route.Prefix},
					Headers: []route.Header{{Name: "a", Value: "b"}, {Name: "c"}, {Name: "d", Value: "e", Regex: true, Invert: true}},
					Query:   []route.Header{{Name: "q", Value: "1", Regex: true}},
				},
			},
		}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := decode[gloo.RouteTable](t, "metadata: {name: echo-routes, namespace: echo, managedFields: [{manager: x}]}\nspec:"+indent(tc.spec))
			got := table.Table()
			if got.Kind != "RouteTable" || got.Ref != (route.Ref{Namespace: "echo", Name: "echo-routes"}) {
				t.Errorf("Table() is %s %s", got.Kind, got.Ref)
			}
			if diff := cmp.Diff(tc.want, got.Routes); diff != "" {
				t.Errorf("%s\nTable(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func indent(text string) string {
	if text == "" {
		return " {}"
	}
	return strings.ReplaceAll(text, "\n", "\n  ")
}

func TestVirtualService(t *testing.T) {
	t.Parallel()
	vs := decode[gloo.VirtualService](t, `
metadata: {name: public, namespace: gloo-system}
spec:
  virtualHost:
    domains: ['*']
    routes:
    - matchers: [{prefix: /}]
      delegateAction: {selector: {labels: {apiGroup: example}, namespaces: ['*']}}
    - routeAction: {single: {upstream: {name: web}}}`)
	got := vs.Table()
	if got.Kind != "VirtualService" || len(got.Routes) != 2 || len(got.Delegates) != 1 {
		t.Fatalf("Table() = %+v", got)
	}
	if field := got.Delegates[0].Field; field != "spec.virtualHost.routes[0].delegateAction" {
		t.Errorf("the delegation is at %s", field)
	}
	want := route.Destination{Field: "spec.virtualHost.routes[1].routeAction.single", Upstream: route.Ref{Namespace: "gloo-system", Name: "web"}}
	if diff := cmp.Diff([]route.Destination{want}, got.Routes[1].Destinations); diff != "" {
		t.Errorf("destinations: -want +got:\n%s", diff)
	}
	if none := decode[gloo.VirtualService](t, `metadata: {name: x}`).Table(); len(none.Routes) > 0 {
		t.Errorf("Table() without a virtualHost = %+v", none)
	}
}

func TestUpstreamGroup(t *testing.T) {
	t.Parallel()
	g := decode[gloo.UpstreamGroup](t, `
metadata: {name: g, namespace: echo}
spec: {destinations: [{weight: 1, destination: {upstream: {name: echo}}}]}`)
	want := route.Table{Kind: "UpstreamGroup", Ref: route.Ref{Namespace: "echo", Name: "g"}, Routes: []route.Route{{
		Field: "spec", Weighted: true, DestinationsField: "spec.destinations",
		Destinations: []route.Destination{{Field: "spec.destinations[0].destination", Upstream: route.Ref{Name: "echo"}, Weight: weight(1)}},
	}}}
	if diff := cmp.Diff(want, g.Table()); diff != "" {
		t.Errorf("Table(): -want +got:\n%s", diff)
	}
}

func TestSubsets(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, spec string
		want         [][]string
	}{
		"Keys":       {"each selector is a set of its own; ints and names for enums", `{kube: {subsetSpec: {fallbackPolicy: 2, selectors: [{keys: [version]}, {keys: [version, zone], singleHostPerSubset: true}]}}}`, [][]string{{"version"}, {"version", "zone"}}},
		"NoSpec":     {"nothing to pick by", `{kube: {serviceName: a}}`, nil},
		"Static":     {"only kube has subsets", `{static: {hosts: [{addr: a, port: 1}]}}`, nil},
		"NoKeys":     {"an empty set", `{kube: {subsetSpec: {fallbackPolicy: NO_FALLBACK, selectors: [{}]}}}`, [][]string{nil}},
		"NoSelector": {"no set", `{kube: {subsetSpec: {}}}`, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, decode[gloo.Upstream](t, "spec: "+tc.spec).Subsets()); diff != "" {
				t.Errorf("%s\nSubsets(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDelegates(t *testing.T) {
	t.Parallel()
	type set = map[string]string
	cases := map[string]struct {
		reason, action string
		to             *route.Ref
		namespace      string
		labels         set
		want           bool
	}{
		"Ref":               {"no default namespace", `{ref: {name: a}}`, &route.Ref{Name: "a"}, "", nil, false},
		"Deprecated":        {"name wins over ref and selector", `{name: a, namespace: b, ref: {name: c}, selector: {}}`, &route.Ref{Namespace: "b", Name: "a"}, "", nil, false},
		"DeprecatedSpace":   {"namespace alone as well", `{namespace: b, selector: {}}`, &route.Ref{Namespace: "b"}, "", nil, false},
		"RefBeforeSelect":   {"ref wins over the selector", `{ref: {name: c, namespace: d}, selector: {}}`, &route.Ref{Namespace: "d", Name: "c"}, "", nil, false},
		"Labels":            {"all equal", `{selector: {labels: {a: "1", b: "2"}, namespaces: ["*"]}}`, nil, "x", set{"a": "1", "b": "2", "c": "3"}, true},
		"LabelDiffers":      {"exact values", `{selector: {labels: {a: "1"}, namespaces: ["*"]}}`, nil, "x", set{"a": "2"}, false},
		"LabelMissing":      {"P14: an orphan", `{selector: {labels: {a: "1"}, namespaces: ["*"]}}`, nil, "x", nil, false},
		"LabelEmptyValue":   {"a label that is absent is not one that is empty", `{selector: {labels: {a: ""}, namespaces: ["*"]}}`, nil, "x", nil, false},
		"OwnNamespace":      {"no namespaces: that of the selector's object", `{selector: {labels: {a: "1"}}}`, nil, "gloo-system", set{"a": "1"}, true},
		"OtherNamespace":    {"and no other", `{selector: {labels: {a: "1"}}}`, nil, "x", set{"a": "1"}, false},
		"Listed":            {"by name", `{selector: {namespaces: [a, b]}}`, nil, "b", nil, true},
		"NotListed":         {"no globbing", `{selector: {namespaces: ["b*"]}}`, nil, "bb", nil, false},
		"EmptyString":       {"is no wildcard", `{selector: {namespaces: [""]}}`, nil, "x", nil, false},
		"Everything":        {"no labels and no expressions", `{selector: {namespaces: ["*"]}}`, nil, "x", nil, true},
		"LabelsAndExprs":    {"P34: nothing is selected", `{selector: {namespaces: ["*"], labels: {a: "1"}, expressions: [{key: a, operator: Exists}]}}`, nil, "x", set{"a": "1"}, false},
		"In":                {"one of", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: In, values: ["1", "2"]}]}}`, nil, "x", set{"a": "2"}, true},
		"InNumber":          {"an enum's number", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 3, values: ["1", "2"]}]}}`, nil, "x", set{"a": "2"}, true},
		"NotIn":             {"an absent label is in nothing", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: NotIn, values: ["1"]}]}}`, nil, "x", nil, true},
		"NotEquals":         {"it equals", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 2, values: ["1"]}]}}`, nil, "x", set{"a": "1"}, false},
		"Equals":            {"the default, 0", `{selector: {namespaces: ["*"], expressions: [{key: a, values: ["1"]}]}}`, nil, "x", set{"a": "1"}, true},
		"EqualsAbsent":      {"no label, no equality", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: null, values: [""]}]}}`, nil, "x", nil, false},
		"DoubleEquals":      {"the same", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: DoubleEquals, values: ["1"]}]}}`, nil, "x", set{"a": "1"}, true},
		"Exists":            {"whatever the value", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: Exists}]}}`, nil, "x", set{"a": ""}, true},
		"DoesNotExist":      {"it does", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 6}]}}`, nil, "x", set{"a": ""}, false},
		"GreaterThan":       {"as numbers", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: GreaterThan, values: ["9"]}]}}`, nil, "x", set{"a": "10"}, true},
		"LessThan":          {"as numbers", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 8, values: ["10"]}]}}`, nil, "x", set{"a": "9"}, true},
		"GreaterText":       {"no number", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 7, values: ["9"]}]}}`, nil, "x", set{"a": "x"}, false},
		"UnknownOperator":   {"P33: Gloo can't read it, so nothing is known to be selected", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: Contains, values: ["1"]}]}}`, nil, "x", set{"a": "1"}, false},
		"UnknownNumber":     {"as above", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 9, values: ["1"]}]}}`, nil, "x", set{"a": "1"}, false},
		"ExpressionsAreAnd": {"one fails", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: Exists}, {key: b, operator: Exists}]}}`, nil, "x", set{"a": "1"}, false},
		"Nothing":           {"neither ref nor selector", `{}`, nil, "x", nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vs := decode[gloo.VirtualService](t, "metadata: {name: public, namespace: gloo-system}\nspec: {virtualHost: {routes: [{delegateAction: "+tc.action+"}]}}")
			got := vs.Table().Delegates[0]
			if diff := cmp.Diff(tc.to, got.To); diff != "" {
				t.Errorf("%s\nTo: -want +got:\n%s", tc.reason, diff)
			}
			if selects := got.Selects != nil && got.Selects(tc.namespace, tc.labels); selects != tc.want {
				t.Errorf("%s\nSelects(%q, %v) = %t, want %t", tc.reason, tc.namespace, tc.labels, selects, tc.want)
			}
		})
	}
}
