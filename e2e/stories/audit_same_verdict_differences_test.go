package stories

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// aboutChanges are the rules by which admission and an audit differ, and why.
var aboutChanges = map[string]string{
	"promotion":        "admission knows who was primary before",
	"stranded-traffic": "admission knows what goes away",
	"upstream-in-use":  "admission knows what goes away",
	"weight-step":      "admission knows what the weight was",
	"may-expand":       "admission knows who asks",
	"capacity":         "admission tells of a rise, an audit of what stands",
}

// toldElsewhere are the rules that admission of one object tells of another; an audit tells them there.
var toldElsewhere = map[string]string{
	"subset-declared": "a RouteTable that was there before the Upstream names a subset that this lacks",
	"path-owned":      "a Deployment is told of the paths that its RouteTable will have; once that stands, it is told of",
	"api-group":       "a change of an app's group would take its routes away",
}

// elsewhere reports whether the finding about an object is one of those.
func elsewhere(key string, f found) bool {
	switch f.Rule {
	case "subset-declared":
		return strings.HasPrefix(f.Message, "RouteTable ")
	case "path-owned":
		return strings.HasPrefix(key, "Deployment ")
	case "api-group":
		return strings.Contains(f.Message, "takes live routes away") && strings.HasPrefix(key, "Deployment ")
	}
	return false
}

// movedOn are the cases that Aviary itself changes in the live cluster.
var movedOn = map[string]string{
	"sibling-collision/a-service-that-does-not-fit.txtar": "Aviary keeps an Upstream for that Service",
}

// aviarys reports whether a RouteTable is one that Aviary keeps, and makes another of in the live cluster.
func (c *verdictCase) aviarys(key string) bool {
	if !strings.HasPrefix(key, "RouteTable ") {
		return false
	}
	i := slices.IndexFunc(c.after, func(o *unstructured.Unstructured) bool { return objectKey(o) == key })
	return i < 0 || c.after[i].GetLabels()["app.kubernetes.io/managed-by"] == "aviary"
}
