package policy

import (
	"fmt"
	"testing"

	"aviary.dev/policy/input"
)

// TestManyDestinations holds the rules to a cost that grows with the destinations, not with their
// square: a request has two seconds, and Gloo sets no limit. It counts allocations, which no busy
// machine changes.
func TestManyDestinations(t *testing.T) {
	engine, err := New(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	for name, weight := range map[string]int{"a wrong sum": 2, "no weight in range": -1} {
		cost := func(n int) float64 {
			doc := manyDestinations(n, weight)
			return testing.AllocsPerRun(3, func() {
				if findings, err := engine.Evaluate(t.Context(), SubjectRoutes, doc); err != nil || len(findings) < n {
					t.Fatalf("%s: %d findings, %v", name, len(findings), err)
				}
			})
		}
		if few, many := cost(100), cost(1000); many > 20*few {
			t.Errorf("%s: ten times the destinations cost %.0f times the allocations, %.0f instead of %.0f",
				name, many/few, many, few)
		}
	}
}

// manyDestinations is a table that splits one route between n versions nobody deployed.
func manyDestinations(n, weight int) *input.Document {
	list := "spec.routes[0].routeAction.multi.destinations"
	route := input.Route{
		Field: "spec.routes[0]", DestinationsField: list, Weighted: true, Split: true, Sum: input.Some(n * weight),
	}
	for i := range n {
		d := destination(fmt.Sprintf("%s[%d].destination", list, i), fmt.Sprintf("v%d", i), weight)
		d.Backend.Exists, d.Backend.Pods, d.Backend.Subsets, d.Deployed = input.Bool(false), nil, nil, nil
		route.Destinations = append(route.Destinations, d)
	}
	doc := head("CREATE", "RouteTable", "echo-routes")
	doc.Routes = &[]input.Route{route}
	return doc
}
