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

// crossTimes is how often each pair of requests crosses.
const crossTimes = 10

// The time within which Aviary must say that two requests crossed: the aim, and
// what fails the test on a machine that does many things at once.
const crossAim, crossLimit = 5 * time.Second, 20 * time.Second

// crossing makes a request whose judgement reads the namespace's objects of a
// resource, makes another one after that was read, and lets the first go on only
// then: each is right alone. If Aviary had not the time to decide, the other one
// is undone and they cross again.
func crossing(q quick, proxy *lagging.Proxy, resource string, first, second, undo func() error) {
	q.Helper()
	end := "/namespaces/" + q.namespace + "/" + resource
	defer holds.set(q.namespace, nil)
	proxy.Hold(holds.call)
	for range patientTries {
		var once sync.Once
		crossed := make(chan error, 1)
		holds.set(q.namespace, func(r *http.Request) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, end) {
				once.Do(func() { crossed <- second() })
			}
		})
		err := first()
		if !undecided(err) {
			q.must(err)
			once.Do(func() {
				crossed <- fmt.Errorf("the requests in %s did not cross: nobody listed %s", q.namespace, resource)
			})
			q.must(<-crossed)
			return
		}
		once.Do(func() { crossed <- second() })
		q.must(<-crossed)
		q.must(undo())
	}
	q.Fatalf("Aviary had not the time to decide, %d times", patientTries)
}

// holds are what a proxy calls, by namespace.
var holds = holders{by: map[string]func(*http.Request){}}

type holders struct {
	mu sync.Mutex
	by map[string]func(*http.Request)
}

func (h *holders) set(namespace string, hold func(*http.Request)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.by[namespace] = hold
}

func (h *holders) call(r *http.Request) {
	_, rest, _ := strings.Cut(r.URL.Path, "/namespaces/")
	namespace, _, _ := strings.Cut(rest, "/")
	h.mu.Lock()
	hold := h.by[namespace]
	h.mu.Unlock()
	if hold != nil {
		hold(r)
	}
}

// crossHandMade deletes a version that gets no traffic while somebody routes to it.
func crossHandMade(t *testing.T, p *plane, proxy *lagging.Proxy) {
	took := newTimes()
	side(crossTimes, 4, func(i int) {
		q := quickly(t, p, fmt.Sprintf("cross-by-hand-%d", i))
		q.must(q.create(together(v("v1", "role=primary"), v("v2", "role=standby"))))
		q.flows("echo", allToV1)
		crossing(q, proxy, "routetables",
			func() error { return q.delete("deployments", "echo-v2") },
			func() error { return q.create(q.route("by-hand", "echo", "v2")) },
			func() error { return q.delete("routetables", "by-hand") })
		began := time.Now()
		took.add(q.told("version-deployed", began))
	})
	took.report(t, "a hand-made route on a deleted version has its Event", crossAim, crossLimit)
	metrics, err := p.aviary.Metrics(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := metrics.Sum("aviary_rejudgement_findings_total", "rule", "version-deployed"); n < crossTimes {
		t.Errorf("aviary_rejudgement_findings_total must count %d findings of version-deployed, has %v", crossTimes, n)
	}
}

// TestBroughtTogether has a VirtualService lead to two tables of one path, which
// nothing can be said against before.
func TestBroughtTogether(t *testing.T) {
	t.Parallel()
	spaces := []quick{quickly(t, shared, "together-a"), quickly(t, shared, "together-b")}
	for _, q := range spaces {
		q.must(q.create("{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: by-hand, labels: {apiGroup: example}}, spec: {routes: " +
			"[{matchers: [{prefix: /together}], redirectAction: {hostRedirect: example.com}}]}}"))
	}
	began, took := time.Now(), newTimes()
	spaces[0].must(spaces[0].create(domain("together", spaces)))
	for _, q := range spaces {
		took.add(q.told("path-owned", began))
	}
	took.report(t, "tables of one path that were brought together have their Events", crossAim, crossLimit)
}

// told waits for the Event that says which rule route by-hand now breaks, and
// gives the time since then.
func (q quick) told(rule string, since time.Time) time.Duration {
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
	return time.Since(since)
}

// crossGenerated deletes the old primary, which is right while the sole canary
// has all traffic, while somebody takes the canary back to 50 %.
func crossGenerated(t *testing.T, p *plane, proxy *lagging.Proxy) {
	took := newTimes()
	side(crossTimes, 4, func(i int) {
		q := quickly(t, p, fmt.Sprintf("cross-generated-%d", i))
		q.must(q.create(together(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))))
		q.must(q.serve("echo-v1", "echo-v2"))
		q.flows("echo", halfToV2)
		q.must(q.annotate("echo-v2", "weight=100"))
		q.flows("echo", canaryAll)
		crossing(q, proxy, "deployments",
			func() error { return q.delete("deployments", "echo-v1") },
			func() error { return q.annotate("echo-v2", "weight=50") },
			func() error {
				defer q.flows("echo", canaryAll)
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
	took.report(t, "a generated route is rid of the deleted version", time.Second, crossLimit)
}

// times are how long many like things took.
type times struct {
	mu  sync.Mutex
	all []time.Duration
}

func newTimes() *times { return &times{} }

func (l *times) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d)
}

// report logs the times and fails the test only if one is far beyond the aim.
func (l *times) report(t *testing.T, what string, aim, limit time.Duration) {
	t.Helper()
	slices.Sort(l.all)
	if len(l.all) == 0 {
		t.Errorf("%s: was never measured", what)
		return
	}
	round := func(i int) time.Duration { return l.all[i].Round(time.Millisecond) }
	t.Logf("%s after: p50 %s, p99 %s, at most %s (%d times; the aim is %s)", what, round(len(l.all)/2), round(max(0, len(l.all)*99/100-1)), round(len(l.all)-1), len(l.all), aim)
	if worst := l.all[len(l.all)-1]; worst > limit {
		t.Errorf("%s after %s, must be below %s", what, worst, limit)
	}
}
