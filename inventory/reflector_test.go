package inventory

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/cache"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
)

// However long the API server was away, changes are seen within five seconds of its return.
func TestBackOffIsBounded(t *testing.T) {
	t.Parallel()
	b := backoff()
	for range 50 {
		if wait := b.Step(); wait > 4*time.Second {
			t.Fatalf("it waits for %s", wait)
		}
	}
}

// A kind that the cluster does not serve is known to have no objects at once, and asked for less often each time; what
// fails otherwise is not held up here.
func TestUnservedKindsAreAskedForLessOften(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var fails error
		r := &reflector{kind: glootest.Kinds().Of(gloo.RouteTableKind.GroupKind()), store: NewStore()}
		list := r.noticing(&cache.ListWatch{
			ListWithContextFunc: func(context.Context, metav1.ListOptions) (runtime.Object, error) {
				return &gloo.RouteTableList{}, fails
			},
		})
		missing := apierrors.NewNotFound(schema.GroupResource{}, "")
		for i, step := range []struct {
			err  error
			wait time.Duration
		}{
			{errors.New("connection refused"), 0},
			{missing, 0},
			{missing, 3 * time.Second},
			{missing, 6 * time.Second},
			{missing, 9 * time.Second},
			{missing, 12 * time.Second},
			{missing, 12 * time.Second},
			{nil, 0},
			{missing, 0},
			{missing, 3 * time.Second},
		} {
			fails = step.err
			began := time.Now()
			_, err := list.ListWithContext(t.Context(), metav1.ListOptions{})
			if took := time.Since(began); !errors.Is(err, step.err) || took != step.wait {
				t.Errorf("step %d: %v after %s, want %s", i, err, took, step.wait)
			}
			if r.synced.Load() != (i > 0) {
				t.Errorf("step %d: known is %t", i, r.synced.Load())
			}
		}
	})
}
