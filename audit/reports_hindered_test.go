package audit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// TestReportsHindered: without the kind or the right a tick costs one request and a change of that one line; what waits is
// published once it can be, and all of it where the kind had gone.
func TestReportsHindered(t *testing.T) {
	t.Parallel()
	const namespaces = 20
	var (
		noKind    = error(&meta.NoKindMatchError{})
		gone      = apierrors.NewGenericServerResponse(http.StatusNotFound, "post", schema.GroupResource{}, "", "404 page not found", 0, true)
		forbidden = apierrors.NewForbidden(schema.GroupResource{Group: "openreports.io", Resource: "reports"}, "aviary", errors.New("no"))

		list, create    error
		requests, lines int
	)
	ctx := logr.NewContext(t.Context(), funcr.New(func(string, string) { lines++ }, funcr.Options{}))
	r := &Reports{
		Client: fake.NewClientBuilder().WithScheme(inventory.NewScheme()).WithInterceptorFuncs(interceptor.Funcs{
			List: func(ctx context.Context, c client.WithWatch, o client.ObjectList, opts ...client.ListOption) error {
				if requests++; list != nil {
					return list
				}
				return c.List(ctx, o, opts...)
			},
			Create: func(ctx context.Context, c client.WithWatch, o client.Object, opts ...client.CreateOption) error {
				if requests++; create != nil {
					return create
				}
				return c.Create(ctx, o, opts...)
			},
		}).Build(),
		Standing: &Standing{queue: workqueue.NewTypedDelayingQueue[inventory.ID](), found: map[inventory.ID]record{}, dirty: map[string]struct{}{}},
	}
	defer r.Standing.queue.ShutDown()
	for i := range namespaces {
		id := inventory.ID{Kind: "RouteTable", Ref: route.Ref{Namespace: fmt.Sprintf("n-%d", i), Name: "by-hand"}}
		r.Standing.found[id] = record{time.Now(), []policy.Finding{{Rule: "upstream-known", Mode: policy.ModeWarn, Field: "spec", Message: "m", Fix: "f"}}}
		r.Standing.giveBack(id.Namespace)
	}
	// The CRD's end takes all reports with it.
	removed := func() {
		for i := range namespaces {
			o := &unstructured.Unstructured{}
			o.SetGroupVersionKind(openreports.SchemeGroupVersion.WithKind("Report"))
			o.SetNamespace(fmt.Sprintf("n-%d", i))
			o.SetName(reportName)
			if err := r.Client.Delete(ctx, o); err != nil {
				t.Error(err)
			}
		}
		r.Standing.giveBack("n-0")
	}
	for _, step := range []struct {
		when                   string
		before                 func()
		list, create           error
		requests, lines, waits int
	}{
		{"the kind is not served", nil, noKind, nil, 1, 1, namespaces},
		{"it still isn't", nil, noKind, nil, 1, 0, namespaces},
		{"there is no right to list", nil, forbidden, nil, 1, 1, namespaces},
		{"nor to create", nil, nil, forbidden, 1 + refusals, 0, namespaces},
		{"still not", nil, nil, forbidden, refusals, 0, namespaces},
		{"there is the right", nil, nil, nil, namespaces, 1, 0},
		{"nothing has changed", nil, nil, nil, 0, 0, 0},
		{"the kind goes", removed, gone, gone, 1, 1, 1},
		{"it is gone", nil, gone, gone, 1, 0, 1},
		{"it comes back", nil, nil, nil, 1 + namespaces, 1, 0},
	} {
		if step.before != nil {
			step.before()
		}
		list, create, requests, lines = step.list, step.create, 0, 0
		r.tick(ctx)
		if waits := len(r.Standing.dirty); requests != step.requests || lines != step.lines || waits != step.waits {
			t.Errorf("%s: %d requests, %d lines, %d namespaces wait; want %d, %d, %d", step.when, requests, lines, waits, step.requests, step.lines, step.waits)
		}
	}
}
