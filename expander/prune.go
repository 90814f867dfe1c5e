package expander

import (
	"context"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// prune removes the siblings that the plan no longer has: the table, and only if that is gone the
// backends that it names. A Service is not taken away from an app that lives. What no version owned
// stays, and so do the backends behind such a table.
func (e *Expander) prune(
	ctx context.Context, app *convention.App, versions []*fact.Workload, m *memory, wanted []sibling,
) (errs []error) {
	ref := route.Ref{Namespace: app.Namespace, Name: app.Name}
	var stay []*unstructured.Unstructured
	tableStays := false
	accept := func(m fact.Managed, owner *fact.Workload) bool { return !tableStays && made(m, owner, ref) }
	for _, id := range e.kept(ctx, ref, versions) {
		kind := e.Kinds.Of(id.GroupKind)
		inPlan := slices.ContainsFunc(wanted, func(s sibling) bool { return s.ID == id })
		if inPlan || kind.Role == dialect.Service || used(app, kind, id) {
			continue
		}
		found, err := e.remove(ctx, ref, id, "the plan no longer has it", versions, accept)
		switch isTable := kind.Role == dialect.Table; {
		case err != nil:
			if errs = append(errs, err); isTable {
				return errs
			}
		case found != nil:
			stay, tableStays = append(stay, found), tableStays || isTable
		default:
			delete(m.known, id)
		}
	}
	m.orphans.since = time.Time{}
	e.tellOrphans(ref, &m.orphans, unowned(stay), "Leave",
		"needs this no more, but Aviary deletes only what a version owned")
	return errs
}

// made reports whether the object became its owner's because that is a version of the app, or was one when Aviary wrote
// the object. Else it owns it by somebody else's doing.
func made(m fact.Managed, owner *fact.Workload, app route.Ref) bool {
	if owner.Version == nil {
		return m.Written
	}
	return owner.Version.App == app.Name
}

// used reports whether it is the backend that the app says it uses: traffic goes through it,
// whosever it is.
func used(app *convention.App, kind *dialect.Kind, id route.ID) bool {
	return kind.Role == dialect.Backend && id.Name == convention.BackendName(app.Name) && app.Uses(kind.Use())
}

// kept names the objects that Aviary keeps for the app, in the order in which they are removed.
func (e *Expander) kept(ctx context.Context, app route.Ref, versions []*fact.Workload) []route.ID {
	var out []route.ID
	id := e.Kinds.Table(app)
	if t, _ := e.Store.Table(ctx, id); t != nil && t.KeptFor(app.Name, versions) {
		out = append(out, id)
	}
	backends, _ := e.Store.BackendsInto(ctx, app.Namespace)
	for _, b := range backends {
		if b.Namespace == app.Namespace && convention.IsBackend(app.Name, b.Name) && b.KeptFor(app.Name, versions) {
			out = append(out, b.ID)
		}
	}
	service := route.Ref{Namespace: app.Namespace, Name: convention.ServiceName(app.Name)}
	if s, _ := e.Store.Service(ctx, service); s != nil && s.KeptFor(app.Name, versions) {
		out = append(out, s.Identity())
	}
	return out
}

// remove deletes one sibling if it is still the app's, and a Deployment that is there and accepted owns it: any other
// may be somebody's who only put the app's label on it (docs/adr/0024). The precondition keeps it from deleting a
// successor. It returns what it found and left, and nil if there was nothing or it was removed.
func (e *Expander) remove(
	ctx context.Context, app route.Ref, id route.ID, why string, versions []*fact.Workload,
	accept func(m fact.Managed, owner *fact.Workload) bool,
) (*unstructured.Unstructured, error) {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(e.Kinds.Of(id.GroupKind).GroupVersionKind)
	err := e.Client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, live)
	switch {
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return nil, nil
	case err != nil:
		return nil, &failure{id, "get", err}
	case !isKept(live, app.Name, versions), live.GetDeletionTimestamp() != nil:
		return nil, nil
	}
	m := marks(live)
	owners, err := fact.OwnersOf(ctx, e.Store, id.Namespace, m)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(owners, func(owner *fact.Workload) bool { return accept(m, owner) }) {
		return live, nil
	}
	if err := e.contest(id); err != nil {
		return nil, err
	}
	uid, version := live.GetUID(), live.GetResourceVersion()
	err = e.Client.Delete(ctx, live, client.Preconditions{UID: &uid, ResourceVersion: &version})
	if client.IgnoreNotFound(err) != nil {
		return nil, &failure{id, "delete", err}
	}
	e.putBack(id)
	wrote(ctx, app, id, "delete", why)
	return nil, nil
}
