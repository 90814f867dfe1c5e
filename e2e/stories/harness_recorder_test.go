package stories

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

// recorder records all changes of a namespace's RouteTables and Deployments. All kinds share the
// API server's one sequence of resource versions, which therefore orders events across kinds.
type recorder struct {
	s      *story
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu     sync.Mutex
	events []event
}

// event is one change of an object.
type event struct {
	version uint64 // The resource version.
	arrived time.Time
	gone    bool // Deleted, or being deleted.
	object  *unstructured.Unstructured
}

// record starts a recorder.
func (s *story) record() *recorder {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	return s.recordOf(ctx, cancel, "routetables", "deployments")
}

// recordOf starts a recorder of some resources, until a context is done that cancel ends.
func (s *story) recordOf(ctx context.Context, cancel context.CancelFunc, resources ...string) *recorder {
	s.Helper()
	r := &recorder{s: s, cancel: cancel}
	s.Cleanup(func() { cancel(); r.done.Wait() })
	for _, resource := range resources {
		client := s.client(resource)
		list, err := client.List(ctx, metav1.ListOptions{})
		s.must(err)
		for _, o := range list.Items {
			r.add(watch.Event{Type: watch.Added, Object: &o})
		}
		w, err := client.Watch(ctx, metav1.ListOptions{ResourceVersion: list.GetResourceVersion()})
		s.must(err)
		r.done.Go(func() {
			defer w.Stop()
			for e := range w.ResultChan() {
				r.add(e)
			}
		})
	}
	return r
}

// add records an event of a watch.
func (r *recorder) add(e watch.Event) {
	o, ok := e.Object.(*unstructured.Unstructured)
	if !ok || e.Type == watch.Bookmark || e.Type == watch.Error {
		return
	}
	version, _ := strconv.ParseUint(o.GetResourceVersion(), 10, 64)
	r.mu.Lock()
	defer r.mu.Unlock()
	gone := e.Type == watch.Deleted || o.GetDeletionTimestamp() != nil
	r.events = append(r.events, event{version, time.Now(), gone, o})
}

// all returns the events in the order in which they happened.
func (r *recorder) all() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	byVersion := func(a, b event) int { return cmp.Compare(a.version, b.version) }
	return slices.SortedStableFunc(slices.Values(r.events), byVersion)
}

// waitFor waits for the first event after a time that fits.
func (r *recorder) waitFor(after time.Time, what string, fits func(event) bool) event {
	r.s.Helper()
	var found event
	r.s.eventually(what, func() error {
		for _, e := range r.all() {
			if e.arrived.After(after) && fits(e) {
				found = e
				return nil
			}
		}
		return errors.New("no such event yet")
	})
	return found
}

// waitComplete waits until everything up to now is recorded: until the recorder has seen objects
// that are created now.
func (r *recorder) waitComplete() {
	r.s.Helper()
	now := time.Now()
	r.s.apply(`
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: marker}
spec: {}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: marker}
spec:
  replicas: 0
  selector: {matchLabels: {marker: "true"}}
  template:
    metadata: {labels: {marker: "true"}}
    spec: {containers: [{name: none, image: none}]}
`).mustSucceed()
	for _, kind := range []string{"RouteTable", "Deployment"} {
		r.waitFor(now, "the record to be complete", func(e event) bool {
			return e.object.GetKind() == kind && e.object.GetName() == "marker"
		})
	}
}
