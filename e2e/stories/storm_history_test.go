package stories

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/storm"
)

// readVersion converts a Deployment into the oracle's model.
func readVersion(o *unstructured.Unstructured) *storm.Version {
	text := func(fields ...string) string { s, _, _ := unstructured.NestedString(o.Object, fields...); return s }
	number := func(fields ...string) int { n, _, _ := unstructured.NestedInt64(o.Object, fields...); return int(n) }
	annotation := func(key string) string { return o.GetAnnotations()["aviary.dev/"+key] }
	weight, _ := strconv.Atoi(annotation("weight"))
	return &storm.Version{
		Deployment: o.GetName(), Name: text("spec", "template", "metadata", "labels", "version"),
		Role: annotation("role"), Weight: weight,
		Replicas: number("spec", "replicas"), Available: number("status", "availableReplicas"),
		Promoted: annotation("promoted-at"), Created: o.GetCreationTimestamp().UTC().Format(time.RFC3339),
	}
}

// readTable converts a RouteTable into the oracle's model.
func readTable(o *unstructured.Unstructured) *storm.Table {
	t := &storm.Table{
		Name:      o.GetName(),
		Generated: o.GetLabels()["app.kubernetes.io/managed-by"] == "aviary",
		Shares:    map[string]int{},
		Follows:   o.GetAnnotations()["aviary.dev/follows"],
	}
	for _, r := range readRoutes(o) {
		for _, s := range r.weights {
			if s.weight > 0 {
				t.Receives = append(t.Receives, s.version)
			}
			if !strings.Contains(r.match, "=") {
				t.Shares[s.version] = int(s.weight)
			}
		}
	}
	for entry := range strings.SplitSeq(o.GetAnnotations()["aviary.dev/was-primary"], ",") {
		if version, _, _ := strings.Cut(entry, "@"); version != "" {
			t.WasPrimary = append(t.WasPrimary, version)
		}
	}
	return t
}

// absentVersion finds the version in the text of an Event.
var absentVersion = regexp.MustCompile(`no workload has version (\S+) of`)

// history returns what the oracle judges.
func (a *stormApp) history() storm.History {
	a.q.Helper()
	h := storm.History{Namespace: a.q.namespace, Reported: map[string][]time.Time{}}
	for _, e := range a.recorder.all() {
		r := storm.Revision{Object: e.object.GetKind() + " " + e.object.GetName(), Order: e.version, Arrived: e.arrived}
		switch {
		case e.gone:
		case e.object.GetKind() == "Deployment":
			r.Version = readVersion(e.object)
		default:
			r.Table = readTable(e.object)
		}
		h.Revisions = append(h.Revisions, r)
	}
	a.mu.Lock()
	for _, t := range a.trace {
		h.Requests = append(h.Requests, t.Request)
	}
	a.mu.Unlock()
	events, err := a.q.client("events").List(a.q.Context(), metav1.ListOptions{})
	a.q.check(err)
	for _, e := range events.Items {
		name, _, _ := unstructured.NestedString(e.Object, "regarding", "name")
		kind, _, _ := unstructured.NestedString(e.Object, "regarding", "kind")
		last, _, _ := unstructured.NestedString(e.Object, "series", "lastObservedTime")
		first, _, _ := unstructured.NestedString(e.Object, "eventTime")
		if kind != "RouteTable" || !strings.Contains(fmt.Sprint(e.Object["note"]), "[version-deployed]") {
			continue
		}
		for _, m := range absentVersion.FindAllStringSubmatch(fmt.Sprint(e.Object["note"]), -1) {
			for _, text := range []string{first, last} {
				if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
					route := storm.Route(name, m[1])
					h.Reported[route] = append(h.Reported[route], at)
				}
			}
		}
	}
	return h
}

// waitSettled waits until the generated route follows what is said, and sends no traffic to a version
// that no longer exists. If it never does, the oracle says so.
func (a *stormApp) waitSettled() {
	_ = wait.PollUntilContextTimeout(a.q.Context(), 500*time.Millisecond, stormSettles, true,
		func(context.Context) (bool, error) {
			h := a.history() //nolint:contextcheck // it has the test's
			return len(h.RoutesToDeleted())+len(h.Behind()) == 0, nil
		})
}
