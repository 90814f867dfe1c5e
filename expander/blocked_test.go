package expander

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"aviary.dev/dialect/gloo"
	"aviary.dev/route"
)

var services = schema.GroupResource{Resource: "services"}

// denied is what the API server answers where a webhook denies without a code.
func denied() error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusBadRequest,
		Message: `admission webhook "labels" denied the request: no team`,
	}}
}

// conflicts is what it answers where somebody else wrote at the same time.
func conflicts() error { return apierrors.NewConflict(services, "echo", errors.New("changed")) }

// broken is what it answers where a webhook is down.
func broken() error {
	return apierrors.NewInternalError(errors.New(`failed calling webhook "labels": an error on the server`))
}

// fail has all writes fail.
func (c *cluster) fail(err error) { c.refuse = func(string, client.Object) error { return err } }

// blockedBy has all writes fail until the app is blocked, and drops what was said.
func (c *cluster) blockedBy(err error) {
	c.t.Helper()
	c.fail(err)
	c.mustTry()
	c.later += blockedAfter
	if result := c.mustTry(); result.RequeueAfter != retryBlocked {
		c.t.Fatalf("it must be tried again after %s: %v", retryBlocked, result)
	}
}

// mustTry reconciles once; an error is as good as a time to try again.
func (c *cluster) mustTry() reconcile.Result {
	c.t.Helper()
	result, err := c.reconcile()
	if err != nil && c.refuse == nil {
		c.t.Fatal(err)
	}
	return result
}

// An app is blocked once its writes have failed for ten seconds without a success, since the first of them.
func TestTroubleCountsFromTheFirstFailure(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	never, hour, justNow := time.Time{}, start.Add(-time.Hour), start.Add(-2*time.Second)
	for name, c := range map[string]struct {
		reason string
		noted  time.Time
		after  time.Duration
		want   bool
		since  time.Time
	}{
		"First":      {"no failure is one too many", never, 0, false, start},
		"NearlyTen":  {"one second is missing", never, 9 * time.Second, false, start},
		"Ten":        {"as long as it takes", never, 10 * time.Second, true, start},
		"NewLeader":  {"what a sibling tells goes on", hour, 0, true, hour},
		"JustNoted":  {"the seconds count that another leader saw", justNow, 8 * time.Second, true, justNow},
		"FromFuture": {"whoever wrote that, it was not Aviary", start.Add(time.Hour), 0, false, start},
	} {
		var x trouble
		got := x.failed(start, c.noted)
		if c.after > 0 {
			got = x.failed(start.Add(c.after), never)
		}
		if got != c.want || !x.since.Equal(c.since) {
			t.Errorf("%s: %s: got %v since %s, want %v since %s", name, c.reason, got, x.since, c.want, c.since)
		}
	}
}

// A try that comes between two others does not put off the moment at which it is told.
func TestTroubleIsToldInTime(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)
	x := trouble{since: start}
	for after, want := range map[time.Duration]time.Duration{
		0: retryBlocked, 5 * time.Second: retryBlocked, 7 * time.Second: 3 * time.Second,
		blockedAfter: retryBlocked, time.Hour: retryBlocked,
	} {
		if got := x.retry(start.Add(after)); got != want {
			t.Errorf("after %s: got %s, want %s", after, got, want)
		}
	}
}

// Before it is blocked, an app is tried again according to what failed; then every five seconds, whatever it is.
func TestWhenToTryAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want time.Duration // 0: after a growing wait
	}{
		"Refused":  {denied(), retryBlocked},
		"Conflict": {conflicts(), soon},
		"Broken":   {broken(), 0},
		"NoAnswer": {errors.New("connection refused"), 0},
		"Hangs":    {context.DeadlineExceeded, retryBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newCluster(t)
			x.version("v1", `"aviary.dev/role":"primary"`)
			x.fail(c.err)
			for x.later = range 10 { // nanoseconds: the failures come one right after the other
				result, err := x.reconcile()
				if result.RequeueAfter != c.want || (err != nil) != (c.want == 0) {
					t.Fatalf("got %v and %v, want %s", result, err, c.want)
				}
			}
			if got := x.events(); strings.Contains(got, "SiblingsHindered") {
				t.Errorf("nothing is to be told yet: %s", got)
			}
			x.later = blockedAfter + time.Second
			if result, err := x.reconcile(); err != nil || result.RequeueAfter != retryBlocked {
				t.Errorf("got %v and %v, want to try again after %s", result, err, retryBlocked)
			}
			if got := x.events(); strings.Count(got, "SiblingsHindered") != 1 {
				t.Errorf("one Event must tell of it, got %q", got)
			}
		})
	}
}

// A success in between starts the ten seconds anew.
func TestConflictsWithAnEndBlockNothing(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for i := range 4 {
		c.version("v1", fmt.Sprintf(`"aviary.dev/role":"primary","aviary.dev/port":"%d"`, 80+i))
		c.fail(conflicts())
		if result := c.mustTry(); result.RequeueAfter != soon {
			t.Fatalf("%d: want to try again at once: %v", i, result)
		}
		c.later += 4 * time.Second
		c.refuse = nothingFails
		if _, err := c.reconcile(); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.events(); strings.Contains(got, "SiblingsHindered") {
		t.Errorf("it was never blocked: %s", got)
	}
}

// What another admission policy refuses is told once, and comes once it may.
func TestRefusedSibling(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.blockedBy(denied())
	for range 3 {
		c.mustTry()
	}
	if got := c.events(); strings.Count(got, "SiblingsHindered") != 1 || !strings.Contains(got, "no team") {
		t.Errorf("want one Event that says why, got %q", got)
	}
	c.refuse = nothingFails
	if _, err := c.reconcile(); err != nil || c.stands(serviceKind, "echo") == "" {
		t.Errorf("the Service must come once it may: %v", err)
	}
}

// Whatever blocks an app next, and whatever becomes of its route next, is told with its own words.
func TestEachReasonIsTold(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.blockedBy(broken())
	c.events()
	for _, step := range []struct {
		err  error
		says string
	}{
		{denied(), "no team"},
		{apierrors.NewForbidden(services, "echo", errors.New("no right")), "no right"},
		{&meta.NoKindMatchError{}, "no matches for kind"},
		{conflicts(), "changed"},
		{context.DeadlineExceeded, "deadline exceeded"},
	} {
		c.fail(step.err)
		if _, err := c.reconcile(); err != nil {
			t.Fatal(err)
		}
		if got := c.events(); strings.Count(got, "SiblingsHindered") != 1 || !strings.Contains(got, step.says) {
			t.Errorf("want one Event that says %q, got %q", step.says, got)
		}
	}
}

// What comes after a sibling that can't be written is not written either.
func TestNothingIsWrittenAfterAFailure(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.refuse = fails("create", gloo.UpstreamKind)
	if _, err := c.reconcile(); err == nil {
		t.Error("it must be tried again")
	}
	if c.stands(serviceKind, "echo") == "" || c.stands(gloo.RouteTableKind, "echo-routes") != "" {
		t.Error("the Service comes before the Upstream, the RouteTable after it")
	}
}

// A table that is being deleted is waited for, and what it waits for is told.
func TestTerminatingTable(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	id := c.Kinds.Table(echo)
	table := &unstructured.Unstructured{}
	table.SetGroupVersionKind(gloo.RouteTableKind)
	key := client.ObjectKey{Namespace: id.Namespace, Name: id.Name}
	if err := c.Get(t.Context(), key, table); err != nil {
		t.Fatal(err)
	}
	table.SetFinalizers([]string{"example.com/hold"})
	if err := c.Update(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	if err := c.Delete(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	c.mustTry()
	if result := c.mustTry(); result.RequeueAfter != retryBlocked || c.events() != "" {
		t.Errorf("it may be gone soon: %v", result)
	}
	c.later += blockedAfter
	c.mustTry()
	if got := c.events(); !strings.Contains(got, "waits for the finalizer example.com/hold") {
		t.Errorf("the Event must name the finalizer, says %q", got)
	}
	c.noted("RouteTable", "it is being deleted, and waits for the finalizer example.com/hold")
}

func TestEachInvalidPlanIsTold(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"standby"`) // the first one, of which all is told
	c.version("v2", `"aviary.dev/role":"primary"`)
	for _, step := range []struct {
		change func()
		says   string
	}{
		{func() {}, ""},
		{func() {
			c.version("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`)
			c.version("v4", `"aviary.dev/role":"canary","aviary.dev/weight":"61"`)
		}, "stays as it is"},
		{func() { c.without("v2"); c.without("v4") }, "goes to v3"},
		{func() { c.without("v3"); c.version("v4", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`) }, "goes to v4"},
	} {
		step.change()
		if _, err := c.reconcile(); err != nil {
			t.Fatal(err)
		}
		got := c.events()
		if !strings.Contains(got, step.says) || strings.Count(got, "NoValidPlan") != min(len(step.says), 1) {
			t.Errorf("want one Event that says %q, got %q", step.says, got)
		}
	}
}

// An API server that is away for an hour must not cost another quarter of one.
func TestBackOffIsBounded(t *testing.T) {
	t.Parallel()
	limiter, last := options().RateLimiter, time.Duration(0)
	for range 50 {
		last = limiter.When(route.Ref{Name: "echo"})
	}
	if last != retryHasty {
		t.Errorf("after 50 failures it waits %s", last)
	}
}
