package expander

import (
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// prune removes the siblings that the plan no longer has: the RouteTable, and only if that is gone the Upstreams that it
// names.
func (e *Expander) prune(ctx context.Context, app *convention.App, m *memory, wished []*unstructured.Unstructured) (errs []error) {
	ref := route.Ref{Namespace: app.Namespace, Name: app.Name}
	_, useUpstream := app.Uses()
	for _, o := range e.siblings(ctx, ref) {
		if useUpstream && o.Kind == gloo.KindUpstream && o.Name == convention.UpstreamName(app.Name) {
			continue // traffic goes through it, whosever it is
		}
		if slices.ContainsFunc(wished, func(w *unstructured.Unstructured) bool {
			return w.GetKind() == o.Kind && w.GetName() == o.Name
		}) || o.Kind == inventory.KindService {
			continue // a Service is not taken away from an app that lives
		}
		if _, err := e.remove(ctx, ref, o, nil); err != nil {
			if errs = append(errs, err); o.Kind == gloo.KindRouteTable {
				return errs
			}
			continue
		}
		delete(m.kept, o.Kind+"/"+o.Name)
	}
	return errs
}

// siblings names the objects that carry the app's mark, in the order in which they are removed.
func (e *Expander) siblings(ctx context.Context, app route.Ref) []inventory.ID {
	var out []inventory.ID
	id := inventory.ID{Kind: gloo.KindRouteTable, Ref: route.Ref{Namespace: app.Namespace, Name: convention.TableName(app.Name)}}
	if t, _ := e.Store.Table(ctx, id); t != nil && t.App == app.Name {
		out = append(out, id)
	}
	upstreams, _ := e.Store.UpstreamsInto(ctx, app.Namespace)
	for _, u := range upstreams {
		if u.App == app.Name && u.Namespace == app.Namespace {
			out = append(out, u.Identity())
		}
	}
	ref := route.Ref{Namespace: app.Namespace, Name: convention.ServiceName(app.Name)}
	if s, _ := e.Store.Service(ctx, ref); s != nil && s.App == app.Name {
		out = append(out, s.Identity())
	}
	return out
}

var kinds = map[string]schema.GroupVersionKind{
	gloo.KindRouteTable:   gloo.GatewayGroup.WithKind(gloo.KindRouteTable),
	gloo.KindUpstream:     gloo.GlooGroup.WithKind(gloo.KindUpstream),
	inventory.KindService: {Version: "v1", Kind: inventory.KindService},
}

// remove deletes one sibling if it is still the app's and fits; the precondition keeps it from deleting a successor. It
// gives what it found, and nil if there was nothing or it was removed.
func (e *Expander) remove(ctx context.Context, app route.Ref, id inventory.ID, fits func(*unstructured.Unstructured) bool) (*unstructured.Unstructured, error) {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(kinds[id.Kind])
	err := e.Client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, live)
	switch {
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("get %s %s: %w", id.Kind, id.Ref, err)
	case !ours(live, app.Name), live.GetDeletionTimestamp() != nil:
		return nil, nil
	case fits != nil && !fits(live):
		return live, nil
	}
	uid, version := live.GetUID(), live.GetResourceVersion()
	err = e.Client.Delete(ctx, live, client.Preconditions{UID: &uid, ResourceVersion: &version})
	if client.IgnoreNotFound(err) != nil {
		return nil, fmt.Errorf("delete %s %s: %w", id.Kind, id.Ref, err)
	}
	acted(id.Kind, "delete")
	return nil, nil
}
