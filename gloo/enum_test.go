package gloo_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/gloo"
	"aviary.dev/route"
)

func TestUnparsable(t *testing.T) {
	t.Parallel()
	const fallback = "spec.kube.subsetSpec.fallbackPolicy"
	cases := map[string]struct {
		reason, policy string
		want           []gloo.Unparsable
	}{
		"Absent":       {"the default holds", `null`, nil},
		"Name":         {"a name is right", `"NO_FALLBACK"`, nil},
		"Number":       {"a number of the enum is right", `2`, nil},
		"Letters":      {"names are compared letter by letter", `"no_fallback"`, []gloo.Unparsable{{Field: fallback, Value: "no_fallback", Meant: "NO_FALLBACK"}}},
		"Hyphens":      {"and so are their joints", `"No-Fallback"`, []gloo.Unparsable{{Field: fallback, Value: "No-Fallback", Meant: "NO_FALLBACK"}}},
		"QuotedNumber": {"a text is a name, never a number", `"1"`, []gloo.Unparsable{{Field: fallback, Value: "1", Meant: "DEFAULT_SUBSET"}}},
		"OtherNumber":  {"the enum ends at 2", `3`, []gloo.Unparsable{{Field: fallback, Value: "3"}}},
		"Negative":     {"and begins at 0", `-1`, []gloo.Unparsable{{Field: fallback, Value: "-1"}}},
		"Unknown":      {"nobody can tell what was meant", `"NOPE"`, []gloo.Unparsable{{Field: fallback, Value: "NOPE"}}},
		"Status":       {"a status is a response code's business", `"301"`, []gloo.Unparsable{{Field: fallback, Value: "301"}}},
		"Empty":        {"an empty text is no name", `""`, []gloo.Unparsable{{Field: fallback}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := decodeInto[gloo.Upstream](t, `{"spec":{"kube":{"subsetSpec":{"fallbackPolicy":`+c.policy+`}}}}`)
			if diff := cmp.Diff(c.want, u.Unparsable(), cmpopts.IgnoreFields(gloo.Unparsable{}, "Names")); diff != "" {
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
	want := func(at string) []gloo.Unparsable {
		return []gloo.Unparsable{
			{Field: at + "[1].redirectAction.responseCode", Value: "308", Meant: "PERMANENT_REDIRECT"},
			{Field: at + "[2].delegateAction.selector.expressions[1].operator", Value: "exists", Meant: "Exists"},
		}
	}
	names := cmpopts.IgnoreFields(gloo.Unparsable{}, "Names")
	table := decodeInto[gloo.RouteTable](t, `{"spec":{"routes":`+routes+`}}`)
	if diff := cmp.Diff(want("spec.routes"), table.Unparsable(), names); diff != "" {
		t.Errorf("RouteTable (-want +got):\n%s", diff)
	}
	service := decodeInto[gloo.VirtualService](t, `{"spec":{"virtualHost":{"routes":`+routes+`}}}`)
	if diff := cmp.Diff(want("spec.virtualHost.routes"), service.Unparsable(), names); diff != "" {
		t.Errorf("VirtualService (-want +got):\n%s", diff)
	}
	if got := (&gloo.VirtualService{}).Unparsable(); got != nil {
		t.Errorf("of a VirtualService without a host: %v", got)
	}
}

func TestDestinationsThatAreNoUpstream(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, destination string
		want                *route.Other
	}{
		"Upstream": {"an upstream is none of them", `{"upstream":{"name":"echo"},"kube":null}`, nil},
		"Kube":     {"a Service itself", `{"kube":{"ref":{"name":"echo","namespace":"echo"},"port":80}}`, &route.Other{Kind: "kube", Service: route.Ref{Namespace: "echo", Name: "echo"}}},
		"NoRef":    {"still of that kind", `{"kube":{}}`, &route.Other{Kind: "kube"}},
		"OddRef":   {"a shape that the CRD refuses", `{"kube":{"ref":[]}}`, &route.Other{Kind: "kube"}},
		"Consul":   {"of a registry that Aviary doesn't ask", `{"consul":{"serviceName":"echo"}}`, &route.Other{Kind: "consul"}},
		"Nothing":  {"no destination at all", `{}`, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := decodeInto[gloo.RouteTable](t, `{"spec":{"routes":[{"routeAction":{"single":`+c.destination+`}}]}}`).Table()
			if diff := cmp.Diff(c.want, table.Routes[0].Destinations[0].Other); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.reason, diff)
			}
		})
	}
}

func decodeInto[T any](t *testing.T, text string) *T {
	t.Helper()
	var out T
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return &out
}
