package gloo

import (
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/fact"
	"aviary.dev/route"
)

func TestUnparsable(t *testing.T) {
	t.Parallel()
	const fallback = "spec.kube.subsetSpec.fallbackPolicy"
	cases := map[string]struct {
		reason, policy string
		want           []fact.Unparsable
	}{
		"Absent": {"the default holds", `null`, nil},
		"Name":   {"a name is right", `"NO_FALLBACK"`, nil},
		"Number": {"a number of the enum is right", `2`, nil},
		"Letters": {"names are compared letter by letter", `"no_fallback"`, []fact.Unparsable{
			{Field: fallback, Value: "no_fallback", Meant: "NO_FALLBACK"},
		}},
		"Hyphens": {"and so are their joints", `"No-Fallback"`, []fact.Unparsable{
			{Field: fallback, Value: "No-Fallback", Meant: "NO_FALLBACK"},
		}},
		"QuotedNumber": {"a text is a name, never a number", `"1"`, []fact.Unparsable{
			{Field: fallback, Value: "1", Meant: "DEFAULT_SUBSET"},
		}},
		"OtherNumber": {"the enum ends at 2", `3`, []fact.Unparsable{{Field: fallback, Value: "3"}}},
		"Negative":    {"and begins at 0", `-1`, []fact.Unparsable{{Field: fallback, Value: "-1"}}},
		"Unknown":     {"nobody can tell what was meant", `"NOPE"`, []fact.Unparsable{{Field: fallback, Value: "NOPE"}}},
		"Status": {"a status is a response code's business", `"301"`, []fact.Unparsable{
			{Field: fallback, Value: "301"},
		}},
		"Empty": {"an empty text is no name", `""`, []fact.Unparsable{{Field: fallback}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := decodeInto[Upstream](t, `{"spec":{"kube":{"subsetSpec":{"fallbackPolicy":`+c.policy+`}}}}`)
			if diff := cmp.Diff(c.want, u.unparsable(), cmpopts.IgnoreFields(fact.Unparsable{}, "Names")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

func TestUnparsableInRoutes(t *testing.T) {
	t.Parallel()
	const routes = `[
{"redirectAction":{"responseCode":"FOUND"}},
{"redirectAction":{"responseCode":308}},
{"delegateAction":{"selector":{"expressions":[{"operator":"Equals"},{"operator":"exists"},{}]}}}]`
	want := func(at string) []fact.Unparsable {
		return []fact.Unparsable{
			{Field: at + "[1].redirectAction.responseCode", Value: "308", Meant: "PERMANENT_REDIRECT"},
			{Field: at + "[2].delegateAction.selector.expressions[1].operator", Value: "exists", Meant: "Exists"},
		}
	}
	names := cmpopts.IgnoreFields(fact.Unparsable{}, "Names")
	table := decodeInto[RouteTable](t, `{"spec":{"routes":`+routes+`}}`)
	if diff := cmp.Diff(want("spec.routes"), readRouteTable(table).Unparsable, names); diff != "" {
		t.Errorf("RouteTable (-want +got):\n%s", diff)
	}
	service := decodeInto[VirtualService](t, `{"spec":{"virtualHost":{"routes":`+routes+`}}}`)
	if diff := cmp.Diff(want("spec.virtualHost.routes"), readVirtualService(service).Unparsable, names); diff != "" {
		t.Errorf("VirtualService (-want +got):\n%s", diff)
	}
	if got := readVirtualService(&VirtualService{}).Unparsable; got != nil {
		t.Errorf("of a VirtualService without a host: %v", got)
	}
}

func TestBackends(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, destination string
		want                *route.Backend
	}{
		"Upstream": {"in the table's namespace", `{"upstream":{"name":"echo"},"kube":null}`, upstream("", "echo", "")},
		"Kube": {
			"a Service itself", `{"kube":{"ref":{"name":"echo","namespace":"echo"},"port":80}}`,
			&route.Backend{ID: route.ID{GroupKind: fact.ServiceKind, Ref: route.Ref{Namespace: "echo", Name: "echo"}}},
		},
		"NoRef":  {"still of that kind", `{"kube":{}}`, &route.Backend{Opaque: "kube"}},
		"OddRef": {"a shape that the CRD refuses", `{"kube":{"ref":[]}}`, &route.Backend{Opaque: "kube"}},
		"Consul": {
			"of a registry that Aviary doesn't ask", `{"consul":{"serviceName":"echo"}}`,
			&route.Backend{Opaque: "consul"},
		},
		"Nothing": {"no destination at all", `{}`, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := readRouteTable(decodeInto[RouteTable](t,
				`{"spec":{"routes":[{"routeAction":{"single":`+c.destination+`}}]}}`))
			if diff := cmp.Diff(c.want, table.Routes[0].Destinations[0].Backend); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

func decodeInto[T any](t *testing.T, text string) *T {
	t.Helper()
	var out T
	if err := jsonv2.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return &out
}
