package gloo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/route"
)

func TestChoices(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, spec string
		want         []route.Choice
	}{
		"EachAlone": {"one of each; null is as absent", `
routes:
- {routeAction: {single: {upstream: {name: a}, kube: null}}, redirectAction: null}
- {routeAction: {multi: {destinations: [{destination: {consul: {serviceName: a}}}]}}}
- {routeAction: {upstreamGroup: {name: a}}}
- {routeAction: {clusterHeader: a}}
- {routeAction: {dynamicForwardProxy: {}}}
- {redirectAction: {}}
- {directResponseAction: {status: 200}}
- {delegateAction: {ref: {name: a}}}`, nil},
		"NoAction": {"nothing, or a routeAction that leads nowhere", "\nroutes:\n- {}\n- {routeAction: {}}", []route.Choice{
			{Field: "spec.routes[0]", Of: route.Actions}, {Field: "spec.routes[1]", Of: route.Actions},
		}},
		"TwoActions": {"in the order of Gloo's API", `
routes:
- {directResponseAction: {}, routeAction: {clusterHeader: a}}`, []route.Choice{
			{Field: "spec.routes[0]", Of: route.Actions, Set: []string{"routeAction.clusterHeader", "directResponseAction"}},
		}},
		"TwoPaths": {"of one matcher; two matchers are alternatives", `
routes:
- {redirectAction: {}, matchers: [{prefix: /a}, {exact: /a, regex: ""}, {}]}`, []route.Choice{
			{Field: "spec.routes[0].matchers[1]", Of: route.Paths, Set: []string{"exact", "regex"}},
		}},
		"Destinations": {"two kinds, none, and nothing at all", `
routes:
- routeAction:
    multi:
      destinations: [{destination: {upstream: {name: a}, kube: {}}}, {destination: {}}, {weight: 1}]`, []route.Choice{
			{
				Field: "spec.routes[0].routeAction.multi.destinations[0].destination",
				Of:    route.DestinationKinds,
				Set:   []string{"upstream", "kube"},
			},
			{Field: "spec.routes[0].routeAction.multi.destinations[1].destination", Of: route.DestinationKinds},
			{Field: "spec.routes[0].routeAction.multi.destinations[2].destination", Of: route.DestinationKinds},
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := readRouteTable(decode[RouteTable](t, "metadata: {name: a, namespace: a}\nspec:"+indent(tc.spec)))
			if diff := cmp.Diff(tc.want, table.Choices); diff != "" {
				t.Errorf("%s\nChoices: -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
