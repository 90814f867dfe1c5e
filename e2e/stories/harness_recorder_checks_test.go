package stories

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// mustAlwaysServe fails the test if, at any moment of the record, no RouteTable had a route for a
// path.
func (r *recorder) mustAlwaysServe(path string, since time.Time) {
	r.s.Helper()
	tables := map[string]*unstructured.Unstructured{}
	for _, e := range r.all() {
		if e.object.GetKind() != "RouteTable" {
			continue
		}
		if tables[e.object.GetName()] = e.object; e.gone {
			delete(tables, e.object.GetName())
		}
		served := false
		for _, table := range tables {
			for _, route := range readRoutes(table) {
				served = served || route.match == path && len(route.weights) > 0
			}
		}
		if !served && e.arrived.After(since) {
			r.s.Errorf("at %d no RouteTable serves %s", e.version, path)
		}
	}
}

// routesToDeleted returns when a route sent traffic to a version whose Deployment was deleted.
func (r *recorder) routesToDeleted() (out []string) {
	deployments := map[string]string{} // Their versions, by name.
	tables := map[string]*unstructured.Unstructured{}
	for _, e := range r.all() {
		switch name := e.object.GetName(); {
		case e.object.GetKind() == "Deployment" && e.gone:
			delete(deployments, name)
		case e.object.GetKind() == "Deployment":
			labels, _, _ := unstructured.NestedStringMap(e.object.Object, "spec", "template", "metadata", "labels")
			deployments[name] = labels["version"]
		case e.gone:
			delete(tables, name)
		default:
			tables[name] = e.object
		}
		deployed := map[string]bool{}
		for _, v := range deployments {
			deployed[v] = true
		}
		for name, table := range tables {
			for v := range receivers(table) {
				if !deployed[v] {
					out = append(out, fmt.Sprintf("at %d RouteTable %s sends %q, but %s is gone",
						e.version, name, traffic(table), v))
				}
			}
		}
	}
	return out
}

// mustNeverRouteToDeleted fails the test if a route ever sent traffic to a version whose Deployment
// was deleted.
func (r *recorder) mustNeverRouteToDeleted() {
	r.s.Helper()
	r.waitComplete()
	tables := 0
	for _, e := range r.all() {
		if e.object.GetKind() == "RouteTable" {
			tables++
		}
	}
	if tables < 2 {
		r.s.Errorf("the record must hold the life of a RouteTable, but has %d events of one", tables)
	}
	for _, wrong := range r.routesToDeleted() {
		r.s.Error(wrong)
	}
}
