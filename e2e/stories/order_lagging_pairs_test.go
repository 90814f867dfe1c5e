package stories

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// tries is how often each pair of steps is taken.
var tries = flag.Int("times", 50, "how often what lagging caches could get wrong is tried")

// atOnce is how many apps are tried at the same time.
const atOnce = 6

// The pairs of steps whose second is right, or wrong, only because of the first.
const (
	deleteRouted  = "a RouteTable that names v4, then DELETE of v4"
	deleteLeft    = "a RouteTable moved off v3, then DELETE of v3"
	promote       = "weight 100 set on v2, then role primary"
	deleteOld     = "v2 made primary at 100, then DELETE of v1"
	routeToNew    = "Deployment v5, then a RouteTable that names it"
	deleteRetired = "retire set on v5, then DELETE of v2"
	takePath      = "DELETE of another namespace's RouteTable, then one with its path"
)

// fresh takes pairs of steps at once, while the caches know of neither.
func fresh(t *testing.T, p *plane, name string, lag func()) {
	began := time.Now()
	spaces := make([]quick, max(1, *tries/2))
	side(len(spaces), atOnce, func(i int) { spaces[i] = quickly(t, p, fmt.Sprintf("%s-%d", name, i)) })
	owner := quickly(t, p, name+"-owner")
	owner.must(owner.create(domain(name, append(spaces, owner))))
	side(*tries, atOnce, func(i int) {
		q, app := spaces[i%len(spaces)], fmt.Sprintf("app-%d", i)
		q.must(q.create(together(
			v("v1", "role=primary").of(app), v("v2", "role=canary", "weight=50").of(app),
			v("v3", "role=standby").of(app), v("v4", "role=standby").of(app),
		) + q.route("old-"+app, app, "v3")))
		q.must(q.serve(app+"-v1", app+"-v2"))
		owner.must(owner.create(owner.route("taken-"+app, app, "")))
	})
	for i := range *tries {
		app := fmt.Sprintf("app-%d", i)
		spaces[i%len(spaces)].flows(app, strings.ReplaceAll(halfToV2, "echo", app))
	}
	spaces[0].caughtUp()
	t.Logf("%d apps are there after %s", *tries, time.Since(began).Round(time.Millisecond))

	lag()
	began = time.Now()
	c := newTally()
	side(*tries, atOnce, func(i int) { c.pairs(spaces[i%len(spaces)], owner, fmt.Sprintf("app-%d", i)) })
	t.Logf("all was tried %d times in %s", *tries, time.Since(began).Round(time.Millisecond))
	for _, what := range []string{routeToNew, deleteRouted, deleteLeft, deleteRetired, promote, deleteOld, takePath} {
		want := 0
		if what == deleteRouted {
			want = *tries
		}
		t.Logf("%s: %d times, %d denials, must be %d; %d times Aviary needed longer than it has", what, c.tried[what], c.denied[what], want, c.slow[what])
		if c.tried[what] != *tries || c.denied[what] != want || c.failed[what] > 0 {
			t.Errorf("%s: tried %d times, denied %d (must be %d), failed %d; the first: %v", what, c.tried[what], c.denied[what], want, c.failed[what], c.first[what])
		}
	}
}

// domain is a VirtualService that leads to the RouteTables of some namespaces.
func domain(name string, spaces []quick) string {
	names := make([]string, len(spaces))
	for i, q := range spaces {
		names[i] = q.namespace
	}
	return fmt.Sprintf("{apiVersion: gateway.solo.io/v1, kind: VirtualService, metadata: {name: public}, spec: {virtualHost: {domains: [%s.example], routes: "+
		"[{matchers: [{prefix: /}], delegateAction: {selector: {labels: {apiGroup: example}, namespaces: [%s]}}}]}}}", name, strings.Join(names, ", "))
}

// pairs takes all pairs of steps with one app. Another namespace owns the path /taken-<app>.
func (c *tally) pairs(q, owner quick, app string) {
	q.must(q.create(q.route("late-"+app, app, "v4")))
	c.try(deleteRouted, func() error {
		err := q.delete("deployments", app+"-v4")
		if err != nil && denied(err) && !strings.Contains(err.Error(), "late-"+app) {
			q.Errorf("%s must be refused because of it: %v", deleteRouted, err)
		}
		return err
	})

	_, err := q.objects.Resource(gvr("routetables")).Namespace(q.namespace).Patch(q.Context(), "old-"+app, types.JSONPatchType, moved("v4"), metav1.PatchOptions{})
	q.must(err)
	c.try(deleteLeft, func() error { return q.delete("deployments", app+"-v3") })

	q.must(q.annotate(app+"-v2", "weight=100"))
	c.try(promote, func() error { return q.annotate(app+"-v2", "role=primary") })
	c.try(deleteOld, func() error { return q.delete("deployments", app+"-v1") })

	q.must(q.create(v("v5", "role=standby").of(app).String()))
	c.try(routeToNew, func() error { return q.create(q.route("new-"+app, app, "v5")) })

	q.must(q.annotate(app+"-v5", "retire=true"))
	c.try(deleteRetired, func() error { return q.delete("deployments", app+"-v2") })

	owner.must(owner.delete("routetables", "taken-"+app))
	c.try(takePath, func() error { return q.create(q.route("taken-"+app, app, "v5")) })
}

// caughtUp waits until Aviary's informers know what happened so far: it sees an
// app, and that somebody takes its siblings away.
func (q quick) caughtUp() {
	q.Helper()
	q.must(q.create(v("v1", "role=primary").of("marker").String()))
	q.flows("marker", "/marker: v1")
	for resource, name := range map[string]string{"routetables": "marker-routes", "upstreams": "marker", "services": "marker"} {
		q.must(q.delete(resource, name))
		q.eventually(resource+" to be put back", func() error {
			_, err := q.get(resource, name)
			return err
		})
	}
}
