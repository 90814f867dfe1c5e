package webhook_test

import (
	"net/http"
	"strings"
	"testing"

	"aviary.dev/inventory"
)

// What is stored and can't be read can be mended, and can't be made anew.
func TestWhatCannotBeReadCanBeMended(t *testing.T) {
	t.Parallel()
	const head = `{"metadata":{"name":"r","namespace":"n","labels":{"apiGroup":"example"}},"spec":`
	for resource, c := range map[string]struct{ group, kind, bad, good string }{
		"routetables":     {"gateway.solo.io", "RouteTable", `{"routes":{"weight":"50"}}}`, `{"routes":[]}}`},
		"virtualservices": {"gateway.solo.io", "VirtualService", `{"virtualHost":[]}}`, `{"virtualHost":{"domains":["x"]}}}`},
		"upstreamgroups":  {"gloo.solo.io", "UpstreamGroup", `{"destinations":7}}`, `{"destinations":[]}}`},
		"upstreams":       {"gloo.solo.io", "Upstream", `{"kube":[]}}`, `{"static":{}}}`},
	} {
		bad, good := head+c.bad, head+c.good
		for what, x := range map[string]struct {
			old, new string
			allowed  bool
		}{"mended": {bad, good, true}, "still bad": {bad, bad, false}} {
			body := review(t, resource, c.group, c.kind, "UPDATE", []byte(x.new), []byte(x.old))
			got := post(t, validator(t, inventory.NewStore()), body)
			if got.Allowed != x.allowed {
				t.Errorf("%s %s: must be allowed %t: %v", resource, what, x.allowed, got.Result)
			}
		}
	}
}

func TestUnreadableRequestsAreRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ resource, group, kind, object, want string }{
		"weight is text": {
			"routetables", "gateway.solo.io", "RouteTable",
			`{"spec":{"routes":[{"routeAction":{"multi":{"destinations":[{"weight":"50"}]}}}]}}`, "weight",
		},
		"spec is a list": {
			"deployments", "apps", "Deployment", `{"metadata":{"annotations":{"aviary.dev/app":"a"}},"spec":[]}`, "spec",
		},
		"of another kind": {"pods", "", "Pod", `{}`, "no object of a kind that Aviary judges"},
		"replicas out of int32": {
			"deployments", "apps", "Deployment",
			`{"metadata":{"annotations":{"aviary.dev/app":"a"}},"spec":{"replicas":4294967296}}`, "replicas",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := review(t, c.resource, c.group, c.kind, "CREATE", []byte(c.object), nil)
			got := post(t, validator(t, inventory.NewStore()), body)
			if got.Allowed || got.Result.Code != http.StatusBadRequest || !strings.Contains(got.Result.Message, c.want) {
				t.Errorf("allowed %v, %v", got.Allowed, got.Result)
			}
		})
	}
}
