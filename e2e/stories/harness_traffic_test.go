package stories

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// parsedRoute is one route of a RouteTable.
type parsedRoute struct {
	match    string // "stage=canary /echo" or "/echo"
	weighted bool
	weights  []share
}

// share is a version and its weight.
type share struct {
	version string
	weight  int64
}

// readRoutes returns the routes of a RouteTable.
func readRoutes(table *unstructured.Unstructured) (out []parsedRoute) {
	for _, route := range list(table.Object, "spec", "routes") {
		r := parsedRoute{match: matchOf(route)}
		if single, ok, _ := unstructured.NestedMap(route, "routeAction", "single"); ok {
			r.weights = []share{{versionOf(single), 100}}
		}
		for _, d := range list(route, "routeAction", "multi", "destinations") {
			to, _, _ := unstructured.NestedMap(d, "destination")
			weight, _, _ := unstructured.NestedInt64(d, "weight")
			r.weighted = true
			r.weights = append(r.weights, share{versionOf(to), weight})
		}
		out = append(out, r)
	}
	return out
}

// matchOf returns a route's headers and paths in one line.
func matchOf(route map[string]any) string {
	var parts []string
	for _, m := range list(route, "matchers") {
		for _, h := range list(m, "headers") {
			parts = append(parts, fmt.Sprintf("%v=%v", h["name"], h["value"]))
		}
		for _, kind := range []string{"prefix", "exact", "regex"} {
			if path, ok := m[kind]; ok {
				parts = append(parts, fmt.Sprint(path))
			}
		}
	}
	return strings.Join(parts, " ")
}

// versionOf returns the version that a destination names.
func versionOf(destination map[string]any) string {
	version, _, _ := unstructured.NestedString(destination, "subset", "values", "version")
	return version
}

// traffic returns in one line where a RouteTable sends requests, for example "stage=canary /echo:
// v2; /echo: v1 50, v2 50".
func traffic(table *unstructured.Unstructured) string {
	var routes []string
	for _, r := range readRoutes(table) {
		var to []string
		for _, w := range r.weights {
			if r.weighted {
				to = append(to, fmt.Sprintf("%s %d", w.version, w.weight))
			} else {
				to = append(to, w.version)
			}
		}
		routes = append(routes, r.match+": "+strings.Join(to, ", "))
	}
	return strings.Join(routes, "; ")
}

// receivers returns the versions that get requests: by a weight above 0, as the only destination,
// or by a header.
func receivers(table *unstructured.Unstructured) map[string]bool {
	out := map[string]bool{}
	for _, r := range readRoutes(table) {
		for _, w := range r.weights {
			if w.weight > 0 {
				out[w.version] = true
			}
		}
	}
	return out
}
