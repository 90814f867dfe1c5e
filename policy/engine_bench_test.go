package policy

import (
	"fmt"
	"testing"

	"aviary.dev/policy/input"
)

// BenchmarkEvaluate is the cost of one judgement, everything on, nothing wrong: what most requests
// cost. Those that are built again include that of making the document.
func BenchmarkEvaluate(b *testing.B) {
	engine, err := New(b.Context(), DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	cases := []struct {
		name    string
		subject Subject
		doc     func() *input.Document
		want    int
	}{
		{"routes/10x2", SubjectRoutes, func() *input.Document { return routesDocument(10, 90) }, 0},
		{"routes/1x2", SubjectRoutes, func() *input.Document { return routesDocument(1, 90) }, 0},
		{"routes/10x2_bad", SubjectRoutes, func() *input.Document { return routesDocument(10, 80) }, 10},
		{"deployment", SubjectDeployment, deploymentDocument, 0},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			doc := c.doc()
			b.ReportAllocs()
			for b.Loop() {
				findings, err := engine.Evaluate(b.Context(), c.subject, doc)
				if err != nil || len(findings) != c.want {
					b.Fatal(len(findings), err)
				}
			}
		})
		b.Run(c.name+"_built", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := engine.Evaluate(b.Context(), c.subject, c.doc()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkNew is what a reload of the configuration costs.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(b.Context(), DefaultConfig()); err != nil {
			b.Fatal(err)
		}
	}
}

// routesDocument is a table of n splits between v1, with the weight given, and v2, with 10. Nothing
// is shared, as if each destination named another backend.
func routesDocument(n, weight int) *input.Document {
	doc := head("UPDATE", "RouteTable", "echo-routes")
	routes := make([]input.Route, n)
	for i := range routes {
		list := fmt.Sprintf("spec.routes[%d].routeAction.multi.destinations", i)
		routes[i] = input.Route{
			Field: fmt.Sprintf("spec.routes[%d]", i), DestinationsField: list, Weighted: true, Split: true,
			Sum: input.Some(weight + 10),
			Destinations: []input.Destination{
				destination(list+"[0].destination", "v1", weight),
				destination(list+"[1].destination", "v2", 10),
			},
		}
	}
	doc.Routes = &routes
	doc.APIGroup = &input.APIGroup{
		Field: "metadata.labels[apiGroup]", Value: new("example"), Before: new("example"),
		Allowed: []string{"example", "other"}, SelectedBefore: input.Bool(true), SelectedAfter: input.Bool(true),
	}
	return doc
}

func destination(field, version string, weight int) input.Destination {
	return input.Destination{
		Field: field, Weight: input.Some(weight), Receives: weight > 0,
		Target: &input.Target{
			Label: version, Subset: map[string]string{"version": version}, Deployed: input.Bool(true),
			Backend: &input.Backend{
				Kind: "Upstream", Noun: "upstream", Namespace: "echo", Name: "echo",
				Exists: input.Bool(true), Pods: input.Bool(true), Subsets: input.Bool(true),
			},
		},
	}
}

// deploymentDocument is the canary v2 of echo, raised to 10.
func deploymentDocument() *input.Document {
	doc := head("UPDATE", "Deployment", "echo-v2")
	names := map[string]string{"app": "echo", "version": "v2"}
	doc.Findings = &[]input.Finding{}
	doc.Labels = &input.Labels{
		Keys: map[string]string{"app": "app", "version": "version"},
		Want: names, Template: names, Selector: names, Agree: true,
	}
	doc.Version = &input.Version{Version: "v2", Deployment: "echo-v2", Role: "canary", Weight: 10}
	doc.App = &input.App{
		Name: "echo", Versions: []input.Member{member("v1", "primary", 0), member("v2", "canary", 10)},
		Primary: "v1", Canaries: []string{"v2"}, WeightSum: 10, State: "routed", HadRoute: true,
	}
	var siblings []input.Sibling
	for _, kind := range []string{"Service", "Upstream", "RouteTable"} {
		siblings = append(siblings, input.Sibling{
			Kind: kind, Namespace: "echo", Name: "echo", Exists: true, Managed: true,
		})
	}
	doc.Siblings = &siblings
	doc.APIGroup = &input.APIGroup{
		Field: "metadata.annotations[aviary.dev/api-group]", Value: new("example"), Allowed: []string{"example"},
	}
	doc.Change = &input.Change{}
	return doc
}

func member(version, role string, weight int) input.Member {
	return input.Member{
		Version: version, Deployment: "echo-" + version, Role: role, Stated: role, Weight: weight,
		Replicas: 1, Available: 1, Serves: true,
	}
}

func head(operation, kind, name string) *input.Document {
	return &input.Document{
		Operation: operation, Dialect: "gloo", Kind: kind, Noun: kind, Namespace: "echo", Name: name,
	}
}
