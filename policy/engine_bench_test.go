package policy

import (
	"fmt"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// BenchmarkEvaluate is the cost of one judgement, everything on, nothing wrong: what most requests cost.
func BenchmarkEvaluate(b *testing.B) {
	engine, err := New(b.Context(), DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	build := NewBuilder()
	cases := []struct {
		name    string
		subject Subject
		input   func() ast.Value
		want    int
	}{
		{"routes/10x2", SubjectRoutes, func() ast.Value { return routesInput(build, 10, 90) }, 0},
		{"routes/1x2", SubjectRoutes, func() ast.Value { return routesInput(build, 1, 90) }, 0},
		{"routes/10x2_bad", SubjectRoutes, func() ast.Value { return routesInput(build, 10, 80) }, 10},
		{"deployment", SubjectDeployment, func() ast.Value { return deploymentInput(build) }, 0},
	}
	for _, c := range cases {
		b.Run(c.name, func(b *testing.B) {
			input := c.input()
			b.ReportAllocs()
			for b.Loop() {
				findings, err := engine.Evaluate(b.Context(), c.subject, input)
				if err != nil || len(findings) != c.want {
					b.Fatal(len(findings), err)
				}
			}
		})
		b.Run(c.name+"_built", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := engine.Evaluate(b.Context(), c.subject, c.input()); err != nil {
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

// routesInput is a RouteTable of n splits between v1, with the weight given, and v2, with 10.
func routesInput(build *Builder, n, weight int) ast.Value {
	doc := head(build, "UPDATE", "RouteTable", "echo-routes")
	routes := make([]*ast.Term, n)
	for i := range routes {
		list := fmt.Sprintf("spec.routes[%d].routeAction.multi.destinations", i)
		route := build.Object()
		route.String("field", fmt.Sprintf("spec.routes[%d]", i))
		route.String("destinationsField", list)
		route.Bool("weighted", true)
		route.Bool("split", true)
		route.Int("sum", weight+10)
		route.Array("destinations", []*ast.Term{
			destination(build, list+"[0].destination", "v1", weight),
			destination(build, list+"[1].destination", "v2", 10),
		})
		routes[i] = route.Done()
	}
	doc.Array("routes", routes)
	group := build.Object()
	group.String("field", "metadata.labels[apiGroup]")
	group.String("value", "example")
	group.String("before", "example")
	group.Strings("allowed", []string{"example", "other"})
	group.Bool("selectedBefore", true)
	group.Bool("selectedAfter", true)
	doc.Term("apiGroup", group.Done())
	return doc.Done().Value
}

func destination(build *Builder, field, version string, weight int) *ast.Term {
	upstream := build.Object()
	upstream.String("namespace", "echo")
	upstream.String("name", "echo")
	upstream.Bool("exists", true)
	upstream.Bool("kube", true)
	upstream.Bool("subsets", true)
	d := build.Object()
	d.String("field", field)
	d.String("label", version)
	d.Int("weight", weight)
	d.Bool("receives", weight > 0)
	d.Labels("subset", map[string]string{"version": version})
	d.Term("upstream", upstream.Done())
	d.Bool("deployed", true)
	return d.Done()
}

// deploymentInput is the canary v2 of echo, raised to 10.
func deploymentInput(build *Builder) ast.Value {
	doc := head(build, "UPDATE", "Deployment", "echo-v2")
	names := map[string]string{"app": "echo", "version": "v2"}
	labels := build.Object()
	labels.Labels("keys", map[string]string{"app": "app", "version": "version"})
	labels.Labels("want", names)
	labels.Labels("template", names)
	labels.Labels("selector", names)
	doc.Array("problems", nil)
	doc.Term("labels", labels.Done())
	version := build.Object()
	version.String("version", "v2")
	version.String("deployment", "echo-v2")
	version.String("role", "canary")
	version.Int("weight", 10)
	doc.Term("version", version.Done())
	app := build.Object()
	app.String("name", "echo")
	app.Array("versions", []*ast.Term{member(build, "v1", "primary", 0), member(build, "v2", "canary", 10)})
	app.Strings("duplicates", nil)
	app.String("primary", "v1")
	app.Strings("canaries", []string{"v2"})
	app.Strings("shadows", nil)
	app.Int("weightSum", 10)
	app.String("state", "routed")
	app.Bool("hadRoute", true)
	doc.Term("app", app.Done())
	siblings := make([]*ast.Term, 0, 3)
	for _, kind := range []string{"Service", "Upstream", "RouteTable"} {
		s := build.Object()
		s.String("kind", kind)
		s.String("namespace", "echo")
		s.String("name", "echo")
		s.Bool("exists", true)
		s.Bool("ours", true)
		siblings = append(siblings, s.Done())
	}
	doc.Array("siblings", siblings)
	group := build.Object()
	group.String("field", "metadata.annotations[aviary.dev/api-group]")
	group.String("value", "example")
	group.Strings("allowed", []string{"example"})
	doc.Term("apiGroup", group.Done())
	change := build.Object()
	change.Array("stranded", nil)
	change.Bool("lastVersion", false)
	change.Bool("switchOff", false)
	doc.Term("change", change.Done())
	return doc.Done().Value
}

func member(build *Builder, version, role string, weight int) *ast.Term {
	v := build.Object()
	v.String("version", version)
	v.String("deployment", "echo-"+version)
	v.String("role", role)
	v.String("stated", role)
	v.Bool("implicit", false)
	v.Int("weight", weight)
	v.Int("replicas", 1)
	v.Int("available", 1)
	return v.Done()
}

func head(build *Builder, operation, kind, name string) *Object {
	doc := build.Object()
	doc.String("operation", operation)
	doc.String("kind", kind)
	doc.String("namespace", "echo")
	doc.String("name", name)
	return doc
}
