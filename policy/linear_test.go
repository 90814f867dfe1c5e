package policy

import (
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TestManyDestinations holds the rules to a cost that grows with the destinations, not with their square: a request has
// two seconds, and Gloo sets no limit. It counts allocations, which no busy machine changes.
func TestManyDestinations(t *testing.T) {
	engine, err := New(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	for name, weight := range map[string]int{"a wrong sum": 2, "no weight in range": -1} {
		cost := func(n int) float64 {
			input := manyDestinations(NewBuilder(), n, weight)
			return testing.AllocsPerRun(3, func() {
				if findings, err := engine.Evaluate(t.Context(), SubjectRoutes, input); err != nil || len(findings) < n {
					t.Fatalf("%s: %d findings, %v", name, len(findings), err)
				}
			})
		}
		if few, many := cost(100), cost(1000); many > 20*few {
			t.Errorf("%s: ten times the destinations cost %.0f times the allocations, %.0f instead of %.0f", name, many/few, many, few)
		}
	}
}

// manyDestinations is a RouteTable that splits one route between n versions nobody deployed.
func manyDestinations(build *Builder, n, weight int) ast.Value {
	list := "spec.routes[0].routeAction.multi.destinations"
	destinations := make([]*ast.Term, n)
	for i := range destinations {
		upstream := build.Object()
		upstream.String("namespace", "echo")
		upstream.String("name", "echo")
		upstream.Bool("exists", false)
		version := fmt.Sprintf("v%d", i)
		d := build.Object()
		d.String("field", fmt.Sprintf("%s[%d].destination", list, i))
		d.String("label", version)
		d.Int("weight", weight)
		d.Bool("receives", weight > 0)
		d.Labels("subset", map[string]string{"version": version})
		d.Term("upstream", upstream.Done())
		destinations[i] = d.Done()
	}
	route := build.Object()
	route.String("field", "spec.routes[0]")
	route.String("destinationsField", list)
	route.Bool("weighted", true)
	route.Bool("split", true)
	route.Int("sum", n*weight)
	route.Array("destinations", destinations)
	doc := head(build, "CREATE", "RouteTable", "echo-routes")
	doc.Array("routes", []*ast.Term{route.Done()})
	return doc.Done().Value
}
