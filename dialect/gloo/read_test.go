package gloo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
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

var kinds = dialect.NewKinds(convention.DefaultLabelKeys(), Dialect{})

// upstream is the backend of that name; version may be empty.
func upstream(namespace, name, version string) *route.Backend {
	b := &route.Backend{ID: upstreamID(Ref{Namespace: namespace, Name: name})}
	if version != "" {
		b.Labels = map[string]string{"version": version}
	}
	return b
}

func TestRouteTable(t *testing.T) {
	t.Parallel()
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
			Field: "spec.routes[0]", Name: "main", Matchers: []route.Matcher{{
				Path: route.Path{Kind: route.Prefix, Value: "/echo"},
			}},
			Destinations: []route.Destination{{
				Field: "spec.routes[0].routeAction.single", Backend: upstream("echo", "echo", "v1"),
			}},
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
				{
					Field: "spec.routes[0].routeAction.multi.destinations[0].destination", Backend: upstream("other", "echo", ""),
					Weight: route.WeightOf(90),
				},
				{
					Field:   "spec.routes[0].routeAction.multi.destinations[1].destination",
					Backend: &route.Backend{ID: route.ID{GroupKind: fact.ServiceKind, Ref: route.Ref{Namespace: "b", Name: "a"}}},
				},
				{Field: "spec.routes[0].routeAction.multi.destinations[2].destination", Backend: &route.Backend{Opaque: "consul"}},
				{Field: "spec.routes[0].routeAction.multi.destinations[3]", Weight: route.WeightOf(0)},
			},
		}}},
		"Group": {"upstreamGroup has no default namespace", `
routes: [{routeAction: {upstreamGroup: {name: g}}}]`, []route.Route{{
			Field: "spec.routes[0]",
			Group: reference("spec.routes[0].routeAction.upstreamGroup",
				route.ID{GroupKind: UpstreamGroupKind.GroupKind(), Ref: route.Ref{Name: "g"}}),
		}}},
		"Others": {"redirect, direct response and an unknown action send nowhere; unknown fields are skipped", `
routes:
- {redirectAction: {hostRedirect: x, responseCode: FOUND}, inheritableMatchers: true}
- {directResponseAction: {status: 404}, optionsConfigRefs: {delegateOptions: [{name: a}]}}
- {routeAction: {clusterHeader: x-cluster}}
- {}`, []route.Route{
			{
				Field: "spec.routes[0]", Action: `redirectAction: {"hostRedirect":"x","responseCode":"FOUND"}`, Inherits: route.Yes,
			},
			{Field: "spec.routes[1]", Action: `directResponseAction: {"status":404}`},
			{Field: "spec.routes[2]", Action: "clusterHeader: x-cluster"},
			{Field: "spec.routes[3]"},
		}},
		"Shadowing": {"a number with or without a fraction; no default namespace", `
routes:
- options: {shadowing: {upstream: {name: s}, percentage: 12.5}, timeout: 5s}
- options: {shadowing: {upstream: {name: s, namespace: other}, percentage: 100}}
- options: {prefixRewrite: /}`, []route.Route{
			{
				Field:  "spec.routes[0]",
				Mirror: reference("spec.routes[0].options.shadowing.upstream", upstreamID(Ref{Name: "s"})),
			},
			{
				Field: "spec.routes[1]",
				Mirror: reference("spec.routes[1].options.shadowing.upstream",
					upstreamID(Ref{Name: "s", Namespace: "other"})),
			},
			{Field: "spec.routes[2]"},
		}},
		"Matchers": {"each kind; null is absent", `
routes:
- matchers:
  - {exact: /a, caseSensitive: false}
  - {regex: "/a.*", caseSensitive: null}
  - {connectMatcher: {}, caseSensitive: true}
  - {prefix: null, methods: [GET, POST]}
  - prefix: ""
    headers: [{name: a, value: b}, {name: c}, {name: d, value: e, regex: true, invertMatch: true}]
    queryParameters: [{name: q, value: "1", regex: true}]`, []route.Route{{
			Field: "spec.routes[0]", Matchers: []route.Matcher{
				{Path: route.Path{Kind: route.Exact, Value: "/a"}, CaseInsensitive: true, CaseStated: true},
				{Path: route.Path{Kind: route.Regex, Value: "/a.*"}},
				{Path: route.Path{Kind: route.Connect}, CaseStated: true},
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
			table := decode[RouteTable](t,
				"metadata: {name: echo-routes, namespace: echo, managedFields: [{manager: x}]}\nspec:"+indent(tc.spec))
			got := readRouteTable(table)
			if got.ID.String() != "RouteTable echo/echo-routes" || !got.Led {
				t.Errorf("it is %s, led: %t", got.ID, got.Led)
			}
			if diff := cmp.Diff(tc.want, got.Routes); diff != "" {
				t.Errorf("%s\nroutes: -want +got:\n%s", tc.reason, diff)
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
	vs := decode[VirtualService](t, `
metadata: {name: public, namespace: gloo-system}
spec:
  virtualHost:
    domains: ['*']
    routes:
    - matchers: [{prefix: /}]
      delegateAction: {selector: {labels: {apiGroup: example}, namespaces: ['*']}}
    - routeAction: {single: {upstream: {name: web}}}`)
	got := readVirtualService(vs)
	if got.Kind != "VirtualService" || len(got.Routes) != 2 || len(of(got)) != 1 || got.Led {
		t.Fatalf("it is %+v", got)
	}
	if field := got.Routes[of(got)[0].index].Field; field != "spec.virtualHost.routes[0]" {
		t.Errorf("the delegation is at %s", field)
	}
	want := route.Destination{
		Field:   "spec.virtualHost.routes[1].routeAction.single",
		Backend: upstream("gloo-system", "web", ""),
	}
	if diff := cmp.Diff([]route.Destination{want}, got.Routes[1].Destinations); diff != "" {
		t.Errorf("destinations: -want +got:\n%s", diff)
	}
	if none := readVirtualService(decode[VirtualService](t, `metadata: {name: x}`)); len(none.Routes) > 0 {
		t.Errorf("without a virtualHost = %+v", none)
	}
}

func TestUpstreamGroup(t *testing.T) {
	t.Parallel()
	g := decode[UpstreamGroup](t, `
metadata: {name: g, namespace: echo}
spec:
  destinations:
  - {weight: 1, destination: {upstream: {name: echo}}}
  - {weight: 2, destination: {upstream: {name: fox, namespace: fox}}}`)
	want := route.Table{ID: fact.IDOf(UpstreamGroupKind.GroupKind(), g), Routes: []route.Route{{
		Field: "spec", Weighted: true, DestinationsField: "spec.destinations",
		Destinations: []route.Destination{
			{Field: "spec.destinations[0].destination", Backend: upstream("echo", "echo", ""), Weight: route.WeightOf(1)},
			{Field: "spec.destinations[1].destination", Backend: upstream("fox", "fox", ""), Weight: route.WeightOf(2)},
		},
	}}}
	if diff := cmp.Diff(want, readUpstreamGroup(g).Table); diff != "" {
		t.Errorf("routes: -want +got:\n%s", diff)
	}
}

func TestSubsets(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, spec string
		want         [][]string
	}{
		"Keys": {
			"each selector is a set of its own; ints and names for enums",
			"{kube: {subsetSpec: {fallbackPolicy: 2, selectors: " +
				"[{keys: [version]}, {keys: [version, zone], singleHostPerSubset: true}]}}}",
			[][]string{{"version"}, {"version", "zone"}},
		},
		"NoSpec": {"nothing to pick by", `{kube: {serviceName: a}}`, nil},
		"Static": {"only kube has subsets", `{static: {hosts: [{addr: a, port: 1}]}}`, nil},
		"KubeAndStatic": {
			"of two types Gloo takes the later", `{static: {}, kube: {subsetSpec: {selectors: [{keys: [version]}]}}}`, nil,
		},
		"KubeAndEC2": {"whichever", `{kube: {subsetSpec: {selectors: [{keys: [version]}]}}, awsEc2: {region: a}}`, nil},
		"KubeAndNull": {
			"which is as absent", `{static: null, kube: {subsetSpec: {selectors: [{keys: [version]}]}}}`,
			[][]string{{"version"}},
		},
		"NoKeys": {
			"an empty set", `{kube: {subsetSpec: {fallbackPolicy: NO_FALLBACK, selectors: [{}]}}}`, [][]string{nil},
		},
		"NoSelector": {"no set", `{kube: {subsetSpec: {}}}`, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, decode[Upstream](t, "spec: "+tc.spec).subsetKeys()); diff != "" {
				t.Errorf("%s\nsubsetKeys(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// Ports that destinations name at Services are kept once, in an UpstreamGroup, too.
func TestNamedPorts(t *testing.T) {
	t.Parallel()
	const list = `destinations:
  - {weight: 1, destination: {kube: {ref: {name: s, namespace: a}, port: 80}}}
  - {weight: 1, destination: {kube: {ref: {name: s, namespace: a}, port: 80}, subset: {values: {version: v1}}}}
  - {weight: 1, destination: {kube: {ref: {name: s, namespace: a}, port: 81}}}
  - {weight: 1, destination: {upstream: {name: s, namespace: a}}}
`
	s := route.Ref{Namespace: "a", Name: "s"}
	group := readUpstreamGroup(decode[UpstreamGroup](t, "metadata: {name: g, namespace: a}\nspec:\n  "+list))
	want := []fact.NamedPort{
		{Field: "spec.destinations[0].destination", Service: s, Port: 80},
		{Field: "spec.destinations[2].destination", Service: s, Port: 81},
	}
	if diff := cmp.Diff(want, group.Ports); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
