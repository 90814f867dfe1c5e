package condition

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// readDeployment reads a Deployment and returns its version as app/version.
func readDeployment(o *unstructured.Unstructured) (key string, d deployment) {
	a := o.GetAnnotations()
	labels, _, _ := unstructured.NestedStringMap(o.Object, "spec", "template", "metadata", "labels")
	d.available, _, _ = unstructured.NestedInt64(o.Object, "status", "availableReplicas")
	d.replicas, _, _ = unstructured.NestedInt64(o.Object, "spec", "replicas")
	d.role, d.promoted = a["aviary.dev/role"], a["aviary.dev/promoted-at"]
	d.ungated = a["aviary.dev/ungated"] == "true"
	return a["aviary.dev/app"] + "/" + labels["version"], d
}

// podReady reports whether a Pod is ready and stays.
func podReady(o *unstructured.Unstructured) bool {
	if o.GetDeletionTimestamp() != nil {
		return false
	}
	for _, c := range list(o.Object, "status", "conditions") {
		if c["type"] == "Ready" {
			return c["status"] == "True"
		}
	}
	return false
}

// mainShares returns the versions' parts of the main routes in percent: the largest of several.
func mainShares(table *unstructured.Unstructured) map[string]float64 {
	shares := map[string]float64{}
	for _, route := range list(table.Object, "spec", "routes") {
		if hasHeaders(route) {
			continue
		}
		weights := routeWeights(route)
		sum := 0.0
		for _, weight := range weights {
			sum += weight
		}
		for version, weight := range weights {
			if sum > 0 {
				shares[version] = max(shares[version], 100*weight/sum)
			}
		}
	}
	return shares
}

// routeWeights returns the weights of a route's versions.
func routeWeights(route map[string]any) map[string]float64 {
	weights := map[string]float64{}
	version := func(destination map[string]any) string {
		name, _, _ := unstructured.NestedString(destination, "subset", "values", "version")
		return name
	}
	if single, ok, _ := unstructured.NestedMap(route, "routeAction", "single"); ok {
		weights[version(single)] = 1
	}
	for _, d := range list(route, "routeAction", "multi", "destinations") {
		to, _, _ := unstructured.NestedMap(d, "destination")
		weight, _, _ := unstructured.NestedInt64(d, "weight")
		weights[version(to)] += float64(weight)
	}
	return weights
}

func hasHeaders(route map[string]any) bool {
	for _, m := range list(route, "matchers") {
		if len(list(m, "headers")) > 0 {
			return true
		}
	}
	return false
}

// list returns the objects of a list in an object; a missing list is empty.
func list(object map[string]any, fields ...string) (out []map[string]any) {
	items, _, _ := unstructured.NestedSlice(object, fields...)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// describe returns an event in one line.
func describe(e Event) string {
	o := e.Object
	line := o.GetKind() + " " + o.GetName() + ": "
	a := o.GetAnnotations()
	switch o.GetKind() {
	case "RouteTable":
		line += fmt.Sprintf("%s | summary %q, follows %q, was-primary %q", sharesOf(o), a["aviary.dev/summary"],
			a["aviary.dev/follows"], a["aviary.dev/was-primary"])
	case "Deployment":
		_, d := readDeployment(o)
		line += fmt.Sprintf("role %q, weight %q, promoted-at %q, %d of %d available", d.role,
			a["aviary.dev/weight"], d.promoted, d.available, d.replicas)
	default:
		line += "ready " + strconv.FormatBool(podReady(o))
	}
	if e.Gone {
		line += ", going"
	}
	return line
}

// sharesOf returns the main routes' shares in one line.
func sharesOf(table *unstructured.Unstructured) string {
	var parts []string
	shares := mainShares(table)
	for _, version := range slices.Sorted(maps.Keys(shares)) {
		parts = append(parts, fmt.Sprintf("%s %.0f", version, shares[version]))
	}
	return strings.Join(parts, ", ")
}

// History returns events in one line each, without those that changed nothing of interest.
func History(events []Event) string {
	var b strings.Builder
	last := map[string]string{}
	for _, e := range events {
		line := describe(e)
		if key := e.Object.GetKind() + " " + e.Object.GetName(); last[key] != line {
			last[key] = line
			fmt.Fprintf(&b, "%s %7d %s\n", e.Arrived.Format("04:05.000"), e.Version, line)
		}
	}
	return b.String()
}
