package stories

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// changeRules are the rules that know of admission what an audit can't, and what that is.
var changeRules = map[string]string{
	"promotion":        "admission knows which version was primary before",
	"stranded-traffic": "admission knows what goes away",
	"upstream-in-use":  "admission knows what goes away",
	"weight-step":      "admission knows what the weight was",
	"may-expand":       "admission knows who asks",
	"capacity":         "admission reports an increase, an audit a share",
}

// reportedElsewhere are the rules that report a fault on the requested object at admission, and on
// another object in an audit, and when.
var reportedElsewhere = map[string]string{
	"subset-declared": "a RouteTable that is older than the Upstream names a subset that this lacks",
	"path-owned":      "admission of a Deployment reports the paths that its RouteTable will have",
	"api-group":       "a change of an app's group would take its routes away",
}

// isReportedElsewhere reports whether a finding about an object is such a case.
func isReportedElsewhere(key string, f found) bool {
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

// changedByAviary are the cases whose objects Aviary changes in the live cluster.
var changedByAviary = map[string]string{
	"sibling-collision/a-service-that-does-not-fit.txtar": "Aviary keeps an Upstream for that Service",
}

// managed reports whether the object is a RouteTable that Aviary manages, and so writes anew in the
// live cluster.
func (c *verdictCase) managed(key string) bool {
	if !strings.HasPrefix(key, "RouteTable ") {
		return false
	}
	i := slices.IndexFunc(c.after, func(o *unstructured.Unstructured) bool { return objectKey(o) == key })
	return i < 0 || c.after[i].GetLabels()["app.kubernetes.io/managed-by"] == "aviary"
}
