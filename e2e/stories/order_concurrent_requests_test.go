package stories

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/e2e/lagging"
)

// raceTimes is how often each pair of requests is raced.
const raceTimes = 10

// How soon Aviary must report what two concurrent requests left behind. Only a time above raceLimit
// fails the test, because the machine may be busy.
const raceTarget, raceLimit = 5 * time.Second, 20 * time.Second

// race sends a request for whose verdict Aviary lists a resource of the namespace. After that list
// was read, and before Aviary gets the answer, the second request is sent: each is right alone. If
// Aviary had no time to decide on the first one, the second is undone and both are sent again.
func race(q direct, proxy *lagging.Proxy, resource string, first, second, undo func() error) {
	q.Helper()
	end := "/namespaces/" + q.namespace + "/" + resource
	defer holds.set(q.namespace, nil)
	proxy.Hold(holds.call)
	for range maxTries {
		var once sync.Once
		secondDone := make(chan error, 1)
		holds.set(q.namespace, func(r *http.Request) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, end) {
				once.Do(func() { secondDone <- second() })
			}
		})
		err := first()
		if !noVerdict(err) {
			q.check(err)
			once.Do(func() {
				secondDone <- fmt.Errorf("the requests in %s did not cross: nobody listed %s", q.namespace, resource)
			})
			q.check(<-secondDone)
			return
		}
		once.Do(func() { secondDone <- second() })
		q.check(<-secondDone)
		q.check(undo())
	}
	q.Fatalf("Aviary had not the time to decide, %d times", maxTries)
}

// holds are the functions that the proxy calls for requests about a namespace.
var holds = namespaceHolds{by: map[string]func(*http.Request){}}

type namespaceHolds struct {
	mu sync.Mutex
	by map[string]func(*http.Request)
}

func (h *namespaceHolds) set(namespace string, hold func(*http.Request)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.by[namespace] = hold
}

func (h *namespaceHolds) call(r *http.Request) {
	_, rest, _ := strings.Cut(r.URL.Path, "/namespaces/")
	namespace, _, _ := strings.Cut(rest, "/")
	h.mu.Lock()
	hold := h.by[namespace]
	h.mu.Unlock()
	if hold != nil {
		hold(r)
	}
}

// testRaceOnHandMadeRoute deletes a version without traffic while somebody routes to it by hand.
func testRaceOnHandMadeRoute(t *testing.T, p *plane, proxy *lagging.Proxy) {
	took := newDurations()
	inParallel(raceTimes, 4, func(i int) {
		q := beginDirect(t, p, fmt.Sprintf("cross-by-hand-%d", i))
		q.check(q.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))))
		q.waitTraffic("echo", allToV1)
		race(q, proxy, "routetables",
			func() error { return q.delete("deployments", "echo-v2") },
			func() error { return q.create(q.tableTo("by-hand", "echo", "v2")) },
			func() error { return q.delete("routetables", "by-hand") })
		began := time.Now()
		took.add(q.waitRuleBroken("version-deployed", began))
	})
	took.report(t, "a hand-made route on a deleted version has its Event", raceTarget, raceLimit)
	metrics, err := p.aviary.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := metrics.Sum("aviary_rejudgement_findings_total", "rule", "version-deployed"); n < raceTimes {
		t.Errorf("aviary_rejudgement_findings_total must count %d findings of version-deployed, has %v", raceTimes, n)
	}
}

// TestBroughtTogether has a new VirtualService delegate to two RouteTables with the same path. Each
// RouteTable was right before.
func TestBroughtTogether(t *testing.T) {
	t.Parallel()
	spaces := []direct{beginDirect(t, shared, "together-a"), beginDirect(t, shared, "together-b")}
	for _, q := range spaces {
		q.check(q.create("{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: by-hand, labels: {apiGroup: example}}, spec: {routes: " +
			"[{matchers: [{prefix: /together}], redirectAction: {hostRedirect: example.com}}]}}"))
	}
	began, took := time.Now(), newDurations()
	spaces[0].check(spaces[0].create(domain("together", spaces)))
	for _, q := range spaces {
		took.add(q.waitRuleBroken("path-owned", began))
	}
	took.report(t, "tables of one path that were brought together have their Events", raceTarget, raceLimit)
}

// waitRuleBroken waits for the Event that RouteTable by-hand now breaks a rule, and returns how
// long that took.
func (q direct) waitRuleBroken(rule string, began time.Time) time.Duration {
	q.Helper()
	q.eventually("an Event about RouteTable by-hand", func() error {
		events, err := q.objects.Resource(gvr("events")).Namespace(q.namespace).List(q.Context(), metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, e := range events.Items {
			regarding, _ := e.Object["regarding"].(map[string]any)
			note := fmt.Sprint(e.Object["note"])
			if e.Object["reason"] == "RuleBroken" && regarding["kind"] == "RouteTable" && regarding["name"] == "by-hand" && strings.Contains(note, "["+rule+"]") {
				return nil
			}
		}
		return fmt.Errorf("%d Events, none of them", len(events.Items))
	})
	return time.Since(began)
}

// testRaceOnGeneratedRoute deletes the old primary, which is right while the only canary has all
// traffic, and meanwhile takes the canary back to 50 %.
func testRaceOnGeneratedRoute(t *testing.T, p *plane, proxy *lagging.Proxy) {
	took := newDurations()
	inParallel(raceTimes, 4, func(i int) {
		q := beginDirect(t, p, fmt.Sprintf("cross-generated-%d", i))
		q.check(q.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))))
		q.check(q.setAvailable("echo-v1", "echo-v2"))
		q.waitTraffic("echo", halfToV2)
		q.check(q.annotate("echo-v2", "weight=100"))
		q.waitTraffic("echo", canaryAll)
		race(q, proxy, "deployments",
			func() error { return q.delete("deployments", "echo-v1") },
			func() error { return q.annotate("echo-v2", "weight=50") },
			func() error {
				defer q.waitTraffic("echo", canaryAll)
				return q.annotate("echo-v2", "weight=100")
			})
		began := time.Now()
		q.eventually("the route to be rid of v1", func() error {
			table, err := q.get("routetables", "echo-routes")
			if err != nil {
				return err
			}
			if to := receivers(table); to["v1"] || !to["v2"] {
				return fmt.Errorf("it sends %q", traffic(table))
			}
			return nil
		})
		took.add(time.Since(began))
	})
	took.report(t, "a generated route is rid of the deleted version", time.Second, raceLimit)
}

// durations are measured times of one kind.
type durations struct {
	mu  sync.Mutex
	all []time.Duration
}

func newDurations() *durations { return &durations{} }

func (l *durations) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d)
}

// report logs percentiles, and fails the test if the longest time is above the limit.
func (l *durations) report(t *testing.T, what string, target, limit time.Duration) {
	t.Helper()
	slices.Sort(l.all)
	if len(l.all) == 0 {
		t.Errorf("%s: was never measured", what)
		return
	}
	round := func(i int) time.Duration { return l.all[i].Round(time.Millisecond) }
	t.Logf("%s after: p50 %s, p99 %s, at most %s (%d times; the aim is %s)", what, round(len(l.all)/2), round(max(0, len(l.all)*99/100-1)), round(len(l.all)-1), len(l.all), target)
	if worst := l.all[len(l.all)-1]; worst > limit {
		t.Errorf("%s after %s, must be below %s", what, worst, limit)
	}
}
