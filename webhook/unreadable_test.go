package webhook_test

import (
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
