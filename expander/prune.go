package expander

import (
	"context"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/route"
)

// prune removes the siblings that the plan no longer has: the table, and only if that is gone the
// backends that it names. A Service is not taken away from an app that lives.
func (e *Expander) prune(ctx context.Context, app *convention.App, m *memory, wanted []sibling) (errs []error) {
	ref := route.Ref{Namespace: app.Namespace, Name: app.Name}
	for _, id := range e.managed(ctx, ref) {
		kind := e.Kinds.Of(id.GroupKind)
		inPlan := slices.ContainsFunc(wanted, func(s sibling) bool { return s.ID == id })
		if inPlan || kind.Role == dialect.Service || used(app, kind, id) {
			continue
		}
		if _, err := e.remove(ctx, ref, id, "the plan no longer has it", nil); err != nil {
			if errs = append(errs, err); kind.Role == dialect.Table {
				return errs
			}
			continue
		}
		delete(m.known, id)
	}
	return errs
}

// used reports whether it is the backend that the app says it uses: traffic goes through it,
// whosever it is.
func used(app *convention.App, kind *dialect.Kind, id route.ID) bool {
	return kind.Role == dialect.Backend && id.Name == convention.BackendName(app.Name) && app.Uses(kind.Use())
}

// managed names the objects that Aviary keeps for the app, in the order in which they are removed.
func (e *Expander) managed(ctx context.Context, app route.Ref) []route.ID {
	var out []route.ID
	id := e.Kinds.Table(app)
	if t, _ := e.Store.Table(ctx, id); t != nil && t.App == app.Name {
		out = append(out, id)
	}
	backends, _ := e.Store.BackendsInto(ctx, app.Namespace)
	for _, b := range backends {
		if b.App == app.Name && b.Namespace == app.Namespace {
			out = append(out, b.ID)
		}
	}
	service := route.Ref{Namespace: app.Namespace, Name: convention.ServiceName(app.Name)}
	if s, _ := e.Store.Service(ctx, service); s != nil && s.App == app.Name {
		out = append(out, s.Identity())
	}
	return out
}

// remove deletes one sibling if it is still the app's and fits; the precondition keeps it from
// deleting a successor. It returns what it found, and nil if there was nothing or it was removed.
func (e *Expander) remove(
	ctx context.Context, app route.Ref, id route.ID, why string, fits func(*unstructured.Unstructured) bool,
) (*unstructured.Unstructured, error) {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(e.Kinds.Of(id.GroupKind).GroupVersionKind)
	err := e.Client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, live)
	switch {
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return nil, nil
	case err != nil:
		return nil, &failure{id, "get", err}
	case !isManaged(live, app.Name), live.GetDeletionTimestamp() != nil:
		return nil, nil
	case fits != nil && !fits(live):
		return live, nil
	}
	uid, version := live.GetUID(), live.GetResourceVersion()
	err = e.Client.Delete(ctx, live, client.Preconditions{UID: &uid, ResourceVersion: &version})
	if client.IgnoreNotFound(err) != nil {
		return nil, &failure{id, "delete", err}
	}
	wrote(ctx, app, id, "delete", why)
	return nil, nil
}
