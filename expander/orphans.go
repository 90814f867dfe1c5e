package expander

import (
	"context"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// orphanGrace is how long the siblings of an app without Deployments are not told of: a restore brings Services first.
const orphanGrace = 10 * time.Second

// orphans is what is remembered of the siblings that an app doesn't need and that are left, because nobody owns them.
type orphans struct {
	// since is when they were first seen while the app had no version; zero while it has one.
	since time.Time
	told  map[route.ID]types.UID
}

// removeOrphans deals with the siblings of an app that has no version any more. Where its last
// Deployment left it, they go, the table first, and the others only without it. Where the owners
// themselves are gone, the garbage collector removes them. What has no owner stays: its Deployments
// were deleted with --cascade=orphan, or a restore has not brought them yet.
func (e *Expander) removeOrphans(ctx context.Context, app route.Ref) (time.Duration, error) {
	var stay []*unstructured.Unstructured
	tableStays := false
	left := func(m fact.Managed, owner *fact.Workload) bool {
		return !owner.Terminating && !tableStays && made(m, owner, app)
	}
	for _, id := range e.kept(ctx, app, nil) {
		found, err := e.remove(ctx, app, id, "the app's last Deployment left it", nil, left)
		if err != nil {
			return 0, err
		}
		if found != nil {
			stay, tableStays = append(stay, found), tableStays || e.Kinds.Of(id.GroupKind).Role == dialect.Table
		}
	}
	seen := e.remember(app).orphans
	e.forget(app)
	stay = unowned(stay)
	if len(stay) == 0 {
		return 0, nil
	}
	if seen.since.IsZero() {
		seen = orphans{since: e.Now()}
	}
	wait := seen.since.Add(orphanGrace).Sub(e.Now())
	if wait <= 0 {
		wait = 0
		e.tellOrphans(app, &seen, stay, "Keep", "has no Deployment any more, so Aviary leaves this as it is until it has one")
	}
	e.remember(app).orphans = seen
	return wait, nil
}

// unowned are the objects that no Deployment owns, be it one that is gone: of others Kubernetes takes care.
func unowned(objects []*unstructured.Unstructured) (out []*unstructured.Unstructured) {
	for _, o := range objects {
		if len(marks(o).Owners) == 0 {
			out = append(out, o)
		}
	}
	return out
}

// tellOrphans says once of each object that it is left, and how it goes; those that are told of no more are forgotten.
func (e *Expander) tellOrphans(app route.Ref, o *orphans, stay []*unstructured.Unstructured, action, why string) {
	told := map[route.ID]types.UID{}
	for _, s := range stay {
		id := route.ID{
			GroupKind: s.GroupVersionKind().GroupKind(), Ref: route.Ref{Namespace: s.GetNamespace(), Name: s.GetName()},
		}
		told[id] = s.GetUID()
		if before, ok := o.told[id]; !ok || before != s.GetUID() {
			e.Events.Eventf(s, nil, corev1.EventTypeWarning, "Orphaned", action,
				"app %s %s. Nobody owns it; to delete it: kubectl delete %s %s -n %s",
				app.Name, why, strings.ToLower(id.Kind), id.Name, id.Namespace)
		}
	}
	o.told = told
}
