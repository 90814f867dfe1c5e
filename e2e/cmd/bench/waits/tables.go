package waits

import (
	"context"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// lastSecond is how long a request waits for its table at most.
const lastSecond = time.Second

// revision is what a RouteTable gave from a moment on.
type revision struct {
	arrived time.Time
	// v2 is v2's part of the main routes in percent. v1 tells whether v1 gets anything by any route.
	v2 int64
	v1 bool
}

// revisions are those of every app's table, as a watch told them.
type revisions struct {
	mu sync.Mutex
	of map[app][]revision
}

// followTables watches all RouteTables until ctx is done.
func (b *bed) followTables(ctx context.Context) (*revisions, error) {
	client := b.objects.Resource(tables)
	list, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	watcher, err := watchtools.NewRetryWatcherWithContext(ctx, list.GetResourceVersion(), &cache.ListWatch{
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			return client.Watch(ctx, o)
		},
	})
	if err != nil {
		return nil, err
	}
	seen := &revisions{of: map[app][]revision{}}
	go func() {
		for event := range watcher.ResultChan() {
			if o, ok := event.Object.(*unstructured.Unstructured); ok {
				seen.add(o, event.Type == watch.Deleted)
			}
		}
	}()
	return seen, nil
}

func (s *revisions) add(table *unstructured.Unstructured, gone bool) {
	r := revision{arrived: time.Now()}
	if !gone {
		r.v1, r.v2 = given(table)
	}
	a := app{table.GetNamespace(), strings.TrimSuffix(table.GetName(), "-routes")}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.of[a] = append(s.of[a], r)
}

// given returns whether a table gives v1 anything, and v2's least part of the routes without headers in percent.
func given(table *unstructured.Unstructured) (v1 bool, v2 int64) {
	routes, _, _ := unstructured.NestedSlice(table.Object, "spec", "routes")
	v2 = 100
	for _, r := range routes {
		route, _ := r.(map[string]any)
		weights := weightsOf(route)
		v1 = v1 || weights["v1"] > 0
		if sum := weights["v1"] + weights["v2"]; sum > 0 && !hasHeaders(route) {
			v2 = min(v2, 100*weights["v2"]/sum)
		}
	}
	return v1, v2
}

// weightsOf returns the weights of a route's versions; the only one has 1.
func weightsOf(route map[string]any) map[string]int64 {
	version := func(destination map[string]any) string {
		name, _, _ := unstructured.NestedString(destination, "subset", "values", "version")
		return name
	}
	weights := map[string]int64{}
	if single, ok, _ := unstructured.NestedMap(route, "routeAction", "single"); ok {
		weights[version(single)] = 1
	}
	several, _, _ := unstructured.NestedSlice(route, "routeAction", "multi", "destinations")
	for _, d := range several {
		weighted, _ := d.(map[string]any)
		to, _, _ := unstructured.NestedMap(weighted, "destination")
		weight, _, _ := unstructured.NestedInt64(weighted, "weight")
		weights[version(to)] += weight
	}
	return weights
}

func hasHeaders(route map[string]any) bool {
	matchers, _, _ := unstructured.NestedSlice(route, "matchers")
	for _, m := range matchers {
		matcher, _ := m.(map[string]any)
		if headers, _, _ := unstructured.NestedSlice(matcher, "headers"); len(headers) > 0 {
			return true
		}
	}
	return false
}

// letPass returns for how long, in the last second of a request, the app's table let it pass; known is false if no
// revision of the table was seen by then.
func (s *revisions) letPass(r request) (span time.Duration, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	begin := r.began
	if last := r.ended.Add(-lastSecond); last.After(begin) {
		begin = last
	}
	list := s.of[r.app]
	for i, x := range list {
		from, until := x.arrived, r.ended
		if from.Before(begin) {
			from = begin
		}
		if i+1 < len(list) && list[i+1].arrived.Before(until) {
			until = list[i+1].arrived
		}
		if until.Before(from) {
			continue
		}
		known = true
		if r.deed == removal && !x.v1 || r.deed == promotion && x.v2 == 100 {
			span += until.Sub(from)
		}
	}
	return span, known
}
