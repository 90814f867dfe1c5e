package stories

import (
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// changeRules are the rules that know of admission what an audit can't, and what that is.
var changeRules = map[string]string{
	"promotion":        "admission knows which version was primary before",
	"stranded-traffic": "admission knows what goes away",
	"upstream-in-use":  "admission knows what goes away",
	"routes-kept":      "admission knows to what a parent led before",
	"weight-step":      "admission knows what the weight was",
	"may-expand":       "admission knows who asks",
	"capacity":         "admission reports an increase, an audit a share",
}

// reportedElsewhere are the rules that report a fault on the requested object at admission, and on
// another object in an audit, and when.
var reportedElsewhere = map[string]string{
	"subset-declared":   "a RouteTable that is older than the Upstream names a subset that this lacks",
	"path-owned":        "admission reports paths of the RouteTable of a Deployment, and of tables below a parent",
	"canary-reachable":  "admission knows what goes away, and was the rest of another table's header route",
	"parent-accepts":    "admission of a Deployment reports that no parent takes its paths",
	"table-selected":    "admission of a Deployment reports that no parent leads to its RouteTable",
	"upstream-known":    "what newly picks nobody is told at the change; an audit says so of the routes",
	"selector-clean":    "an audit says of an Upstream's Service what it selects",
	"freezes-others":    "admission knows to which faults requests come, and what hid one; an audit tells where they are",
	"api-group":         "a change of a group would take routes away",
	"annotations-valid": "admission knows what the pod template was",
}

// toldAtTheTable are those rules of reportedElsewhere that an audit of files, where the table that Aviary writes is
// missing, tells at the Deployment, too.
var toldAtTheTable = map[string]bool{"path-owned": true, "parent-accepts": true, "table-selected": true}

// isReportedElsewhere reports whether a finding about an object is such a case.
func isReportedElsewhere(key string, f found) bool {
	switch f.Rule {
	case "subset-declared":
		return strings.HasPrefix(f.Message, "RouteTable ")
	case "selector-clean":
		return strings.HasPrefix(f.Message, "Service ")
	case "annotations-valid":
		return strings.HasPrefix(f.Message, "comes together with a change of the pod template")
	case "upstream-known":
		nobody := strings.Contains(f.Message, "no workload") || strings.Contains(f.Message, "no container behind it lists")
		return nobody && !strings.HasPrefix(key, "RouteTable ")
	case "canary-reachable":
		return strings.Contains(f.Message, "this table has the route for those without its headers")
	case "path-owned":
		return strings.HasPrefix(key, "Deployment ") || strings.Contains(f.Message, " gets requests by this: ")
	case "parent-accepts", "table-selected":
		return strings.HasPrefix(key, "Deployment ")
	case "freezes-others":
		return strings.HasPrefix(f.Message, "requests come to ") || strings.HasPrefix(f.Message, "by this ")
	case "api-group":
		return strings.Contains(f.Message, "takes live routes away")
	}
	return false
}

// changedByAviary are the cases whose objects Aviary changes in the live cluster.
var changedByAviary = map[string]string{
	"sibling-collision/a-service-that-does-not-fit.txtar": "Aviary keeps an Upstream for that Service",
}

// keptMeanwhile are stories of an app whose Upstream is missing, which in a cluster Aviary makes at once, and of an
// object that is being deleted, which can't be created.
var keptMeanwhile = []string{"an-upstream-of-a-shadows-name-that-is-used.txtar", "a-domain-of-one-that-goes.txtar"}

// unsaid are stories of versions that state no primary: in a cluster the one that the table remembers is it.
var unsaid = []string{
	"an-app-that-goes.txtar", "a-promotion-is-reverted.txtar", "the-primary-goes.txtar", "a-sole-canary-with-all.txtar",
	"a-primary-beside-a-broken-canary-steps-down.txtar", "a-primary-steps-down.txtar",
	"a-sole-canary-gives-traffic-away.txtar",
}

// noStatus is the story of a version of which nobody knows whether it is available: a cluster says that it isn't.
const noStatus = "a-version-in-a-file.txtar"

// notHere reports whether the cluster can't show a story: one of a table that Aviary keeps and that lags, as it
// is written anew at once; one of a Rollout, which it does not serve; one of lower limits on size; [noStatus]; or one
// of [unsaid] or [keptMeanwhile].
func notHere(file, content string) bool {
	return strings.Contains(content, "aviary.dev/follows:") || slices.Contains(unsaid, filepath.Base(file)) ||
		slices.Contains(keptMeanwhile, filepath.Base(file)) ||
		filepath.Base(file) == noStatus || strings.Contains(content, "kind: Rollout\n") ||
		strings.Contains(file, "/size-limits/") && strings.Contains(content, "-- config.yaml --")
}

// managed reports whether the object is a RouteTable that Aviary manages, and so writes anew in the
// live cluster.
func (c *verdictCase) managed(key string) bool {
	if !strings.HasPrefix(key, "RouteTable ") {
		return false
	}
	i := slices.IndexFunc(c.after, func(o *unstructured.Unstructured) bool { return objectKey(o) == key })
	return i < 0 || c.after[i].GetLabels()[appLabel] != ""
}
