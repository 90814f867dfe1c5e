package expander

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/dialect/gloo"
	"aviary.dev/route"
)

var services = schema.GroupResource{Resource: "services"}

// denied is what the API server answers where a webhook denies without a code.
func denied() error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusBadRequest, Message: `admission webhook "labels" denied the request: no team`,
	}}
}

func TestBlocked(t *testing.T) {
	t.Parallel()
	late := apierrors.NewGenericServerResponse(http.StatusRequestTimeout, "post", services, "echo", "no", 1, true)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"nothing":              {nil, ""},
		"no kind":              {&meta.NoKindMatchError{}, "NotServed"},
		"no right":             {apierrors.NewForbidden(services, "echo", errors.New("no")), "Forbidden"},
		"a webhook":            {denied(), "Refused"},
		"a policy":             {apierrors.NewInvalid(schema.GroupKind{Kind: "Service"}, "echo", nil), "Refused"},
		"too large":            {apierrors.NewRequestEntityTooLargeError("no"), "Refused"},
		"gone":                 {apierrors.NewNotFound(services, "echo"), ""},
		"written by another":   {apierrors.NewConflict(services, "echo", errors.New("no")), ""},
		"too many":             {apierrors.NewTooManyRequests("no", 1), ""},
		"late":                 {late, ""},
		"a broken API server":  {apierrors.NewInternalError(errors.New("no")), ""},
		"no answer":            {errors.New("connection refused"), ""},
		"one of several parts": {errors.Join(apierrors.NewInternalError(errors.New("no")), denied()), "Refused"},
	} {
		err := c.err
		if err != nil && name != "one of several parts" {
			err = errors.Join(fmt.Errorf("create Service/echo: %w", err))
		}
		if got := blocked(err); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// What another admission policy refuses is told once, and tried again soon.
func TestRefusedSibling(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.refuse = func(_ string, o client.Object) error {
		if o.GetObjectKind().GroupVersionKind() == serviceKind {
			return denied()
		}
		return nil
	}
	for range 3 {
		result, err := c.reconcile()
		if err != nil || result.RequeueAfter != retryBlocked {
			t.Fatalf("got %v and %v, want to try again after %s", result, err, retryBlocked)
		}
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
	for _, step := range []struct {
		err  error
		says string
	}{
		{denied(), "no team"},
		{apierrors.NewForbidden(services, "echo", errors.New("no right")), "no right"},
		{&meta.NoKindMatchError{}, "no matches for kind"},
	} {
		c.refuse = func(string, client.Object) error { return step.err }
		if _, err := c.reconcile(); err != nil {
			t.Fatal(err)
		}
		if got := c.events(); strings.Count(got, "SiblingsHindered") != 1 || !strings.Contains(got, step.says) {
			t.Errorf("want one Event that says %q, got %q", step.says, got)
		}
	}
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
		{func() { c.version("v2", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`) }, "stays as it is"},
		{func() { c.without("v2"); c.version("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`) }, "goes to v3"},
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

// A write at the same time is tried again at once, whatever else is in the way.
func TestConflictBesideBlocked(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	c.refuse = func(_ string, o client.Object) error {
		if o.GetObjectKind().GroupVersionKind() == gloo.RouteTableKind {
			return apierrors.NewConflict(schema.GroupResource{Resource: "routetables"}, o.GetName(), errors.New("changed"))
		}
		return denied()
	}
	if result, err := c.reconcile(); err != nil || result.RequeueAfter != soon {
		t.Errorf("got %v and %v, want to try again after %s", result, err, soon)
	}
}

// An API server that is away for an hour must not cost another quarter of one.
func TestBackOffIsBounded(t *testing.T) {
	t.Parallel()
	limiter, last := options().RateLimiter, time.Duration(0)
	for range 50 {
		last = limiter.When(route.Ref{Name: "echo"})
	}
	if last > 30*time.Second || last < time.Second {
		t.Errorf("after 50 failures it waits %s", last)
	}
}
