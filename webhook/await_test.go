package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/webhook"
)

const (
	primaryV1 = `"aviary.dev/role":"primary","aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"`
	canaryV2  = `"aviary.dev/role":"canary","aviary.dev/weight":"100"`
)

// versionOf is a Deployment of the app echo.
func versionOf(name, says string, available int) string {
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"echo-%[1]s","namespace":"n",
"uid":"%[1]s",
"annotations":{"aviary.dev/app":"echo","aviary.dev/api-group":"example",%[2]s}},
"spec":{"replicas":1,"selector":{"matchLabels":{"app":"echo","version":"%[1]s"}},
"template":{"metadata":{"labels":{"app":"echo","version":"%[1]s"}},
"spec":{"containers":[{"name":"c","ports":[{"containerPort":8080}]}]}}},"status":{"availableReplicas":%[3]d}}`,
		name, says, available)
}

// tableThatGives is the app's table.
func tableThatGives(v1, v2 int, follows string) string {
	to := func(version string, weight int) string {
		return fmt.Sprintf(`{"weight":%d,"destination":{"upstream":{"name":"echo","namespace":"n"},
"subset":{"values":{"version":"%s"}}}}`,
			weight, version)
	}
	return `{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"echo-routes","namespace":"n",
"uid":"t",
"labels":{"app.kubernetes.io/managed-by":"aviary","aviary.dev/app":"echo","apiGroup":"example"},
"annotations":{"aviary.dev/was-primary":"v1@a","aviary.dev/follows":"` + follows + `"}},
"spec":{"routes":[{"matchers":[{"prefix":"/echo"}],
"routeAction":{"multi":{"destinations":[` + to("v1", v1) + "," + to("v2", v2) + `]}}}]}}`
}

// lagging is an app whose versions say v2 100, and whose table still gives v1 90 %.
type lagging struct {
	*webhook.Validate
	t      *testing.T
	store  *inventory.Store
	client client.Client
}

func newLagging(t *testing.T, v2 int) *lagging {
	t.Helper()
	store := inventory.NewStore()
	l := &lagging{t: t, store: store, Validate: validator(t, store)}
	l.Tables = webhook.NewTables(store)
	table := tableThatGives(90, 10, "v1 primary, v2 canary 10")
	objects := []client.Object{stored(t, tableKind, table)}
	put(t, store, tableKind, table)
	for _, d := range []string{versionOf("v1", primaryV1, 1), versionOf("v2", canaryV2, v2)} {
		objects = append(objects, stored(t, deploymentKind, d))
		put(t, store, deploymentKind, d)
	}
	l.client = fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithObjects(objects...).Build()
	l.Live = inventorytest.Cluster(l.client)
	return l
}

// follow has the table written, and lets the watch tell of it.
func (l *lagging) follow(v1, v2 int, follows string) {
	l.t.Helper()
	text := tableThatGives(v1, v2, follows)
	table := stored(l.t, tableKind, text)
	live := stored(l.t, tableKind, text)
	if err := l.client.Get(l.t.Context(), client.ObjectKeyFromObject(table), live); err != nil {
		l.t.Error(err)
	}
	table.SetResourceVersion(live.GetResourceVersion())
	if err := l.client.Update(l.t.Context(), table); err != nil {
		l.t.Error(err)
	}
	put(l.t, l.store, tableKind, text)
}

// remove asks for the DELETE of v1.
func (l *lagging) remove(dryRun bool) (allowed bool, says string) {
	l.t.Helper()
	body := review(l.t, "deployments", "apps", "Deployment", "DELETE", nil, []byte(versionOf("v1", primaryV1, 1)))
	if dryRun {
		body = bytes.Replace(body, []byte(`"operation":`), []byte(`"dryRun":true,"operation":`), 1)
	}
	got := post(l.t, l.Validate, body)
	if got.Result != nil {
		says = got.Result.Message
	}
	return got.Allowed, says
}

// removing asks for the DELETE of v1, and returns once that waits. What comes then is the refusal, empty for none.
func (l *lagging) removing() <-chan string {
	l.t.Helper()
	answer := make(chan string)
	go func() {
		allowed, says := l.remove(false)
		if !allowed && says == "" {
			says = "refused without a word"
		}
		answer <- says
	}()
	for l.Tables.Waiting() == 0 && l.t.Context().Err() == nil {
		runtime.Gosched()
	}
	return answer
}

func TestARemovalWaitsForTheTable(t *testing.T) {
	t.Parallel()
	l := newLagging(t, 1)
	answer := l.removing()
	l.follow(50, 50, "v1 primary, v2 canary 50") // woken, and not there yet
	l.follow(0, 100, "v1 primary, v2 canary 100")
	if says := <-answer; says != "" {
		t.Errorf("the table follows now, so v1 may go; says %q", says)
	}
	if n := l.Tables.Waiting(); n != 0 {
		t.Errorf("%d wait, want none", n)
	}
}

// A sibling that changes during the wait is not held against the table that follows it.
func TestASiblingComesDuringTheWait(t *testing.T) {
	t.Parallel()
	l := newLagging(t, 1)
	answer := l.removing()
	v3 := versionOf("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"0"`, 1)
	if err := l.client.Create(t.Context(), stored(t, deploymentKind, v3)); err != nil {
		t.Error(err)
	}
	put(t, l.store, deploymentKind, v3)
	l.follow(0, 100, "v1 primary, v2 canary 100, v3 canary 0")
	if says := <-answer; says != "" {
		t.Errorf("the table follows all that is said now, so v1 may go; says %q", says)
	}
}

// The end of a wait is a refusal with its reason, and no time-out.
func TestAWaitEnds(t *testing.T) {
	t.Parallel()
	allowed, says := newLagging(t, 1).remove(false)
	const want = `RouteTable echo-routes still gives v1 90 % and follows "v1 primary, v2 canary 10"`
	if allowed || !strings.Contains(says, want) {
		t.Errorf("allowed %v, says %q, want %q", allowed, says, want)
	}
}

// breaks is a cluster that stops answering.
type breaks struct {
	inventory.Cluster
	broken atomic.Bool
}

func (b *breaks) Get(ctx context.Context, key types.NamespacedName, o dialect.Object) error {
	if b.broken.Load() {
		return errors.New("no answer")
	}
	return b.Cluster.Get(ctx, key, o)
}

// What was found before the wait stands where the last look gets no answer.
func TestAWaitEndsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	l := newLagging(t, 1)
	live := &breaks{Cluster: l.Live}
	l.Live = live
	answer := l.removing()
	live.broken.Store(true)
	if says := <-answer; !strings.Contains(says, "still gives v1 90 %") {
		t.Errorf("want the refusal, says %q", says)
	}
}

// A dry run, and what would be refused anyway, does not wait: the queue stays empty.
func TestWhoDoesNotWait(t *testing.T) { //nolint:paralleltest // it counts by a metric of the process
	for name, c := range map[string]struct {
		dryRun bool
		v2     int
	}{
		"a dry run":                              {true, 1},
		"a version with no replica to take over": {false, 0},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // as above
			l := newLagging(t, c.v2)
			before := webhook.Waited()
			if allowed, says := l.remove(c.dryRun); allowed {
				t.Errorf("want a refusal, says %q", says)
			}
			if n := webhook.Waited() - before; n != 0 {
				t.Errorf("%v waited", n)
			}
		})
	}
}
