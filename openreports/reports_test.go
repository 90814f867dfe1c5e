package openreports

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
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/policy"
	"aviary.dev/rejudge"
)

// findings are those of one table in each namespace; the namespaces that are true wait for Take.
type findings map[string]bool

func (f findings) Idle() bool { return true }

func (f findings) Take() map[string][]rejudge.Record {
	out := map[string][]rejudge.Record{}
	for namespace, waits := range f {
		if waits {
			out[namespace] = []rejudge.Record{{ID: tableIn(namespace, "by-hand"), At: time.Now(), Findings: []policy.Finding{
				{Rule: "upstream-known", Mode: policy.ModeWarn, Field: "spec", Message: "m", Fix: "f"},
			}}}
		}
		f[namespace] = false
	}
	return out
}

func (f findings) GiveBack(namespace string) { f[namespace] = true }

func (f findings) GiveBackAll() {
	for namespace := range f {
		f[namespace] = true
	}
}

func (f findings) waiting() (n int) {
	for _, waits := range f {
		if waits {
			n++
		}
	}
	return n
}

// TestReportsBlocked: without the kind or the right a tick costs one request and a change of that
// one line; what waits is published once it can be, and all of it where the kind had gone.
func TestReportsBlocked(t *testing.T) {
	t.Parallel()
	const namespaces = 20
	var (
		resource  = schema.GroupResource{Group: "openreports.io", Resource: "reports"}
		noKind    = error(&meta.NoKindMatchError{})
		forbidden = apierrors.NewForbidden(resource, "aviary", errors.New("no"))
		gone      = apierrors.NewGenericServerResponse(
			http.StatusNotFound, "post", schema.GroupResource{}, "", "404 page not found", 0, true)

		list, create    error
		requests, lines int
	)
	ctx := logr.NewContext(t.Context(), funcr.New(func(string, string) { lines++ }, funcr.Options{}))
	found := findings{}
	r := &Reports{
		Kinds: glootest.Kinds(), Findings: found,
		Client: fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithInterceptorFuncs(interceptor.Funcs{
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
	}
	for i := range namespaces {
		found.GiveBack(fmt.Sprintf("n-%d", i))
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
		found.GiveBack("n-0")
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
		if waits := found.waiting(); requests != step.requests || lines != step.lines || waits != step.waits {
			t.Errorf("%s: %d requests, %d lines, %d namespaces wait; want %d, %d, %d", step.when,
				requests, lines, waits, step.requests, step.lines, step.waits)
		}
	}
}
