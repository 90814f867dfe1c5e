package fact

import (
	"context"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// FieldManager is the name under which Aviary writes, as an object's managed fields say.
const FieldManager = "aviary"

// maxOwners is how many owners are kept of one object.
const maxOwners = 100

// owner is a Deployment in the namespace of what it owns.
type owner struct {
	name string
	uid  types.UID
	// controls: it says that it made the object, which Aviary never writes.
	controls bool
}

// ReadManaged returns for which app Aviary keeps an object. Gives reports whether Aviary gives the name to an object of
// the kind for the app; nil for a kind that it doesn't write.
func ReadManaged(o metav1.Object, gives func(app, name string) bool) Managed {
	out := Managed{
		UID: o.GetUID(), ResourceVersion: o.GetResourceVersion(), Terminating: o.GetDeletionTimestamp() != nil,
	}
	if gives == nil {
		return out
	}
	if app := o.GetLabels()[convention.KeyApp]; app != "" && gives(app, o.GetName()) {
		out.App = app
		blocked := o.GetAnnotations()[convention.KeyBlocked]
		out.Blocked = strings.Clone(blocked[:min(len(blocked), maxBlocked)])
	}
	out.Written = slices.ContainsFunc(o.GetManagedFields(), func(f metav1.ManagedFieldsEntry) bool {
		return f.Manager == FieldManager
	})
	for _, r := range o.GetOwnerReferences() {
		if r.Kind == DeploymentKind.Kind && len(out.Owners) < maxOwners {
			out.Owners = append(out.Owners, owner{name: r.Name, uid: r.UID, controls: r.Controller != nil && *r.Controller})
		}
	}
	return out
}

// KeptFor reports whether Aviary keeps the object, which has a name that it gives for the app: it carries the app's
// label or, where that was taken away, Aviary wrote it and one of the app's versions owns it (docs/adr/0024).
func (m *Managed) KeptFor(app string, versions []*Workload) bool {
	return m.App == app || m.Written && slices.ContainsFunc(versions, m.ownedBy)
}

// ownedBy reports whether the workload is one of the owners, in the way in which Aviary has Deployments own objects.
func (m *Managed) ownedBy(w *Workload) bool {
	return w.GroupKind == DeploymentKind && w.UID != "" &&
		slices.ContainsFunc(m.Owners, func(o owner) bool { return o.uid == w.UID && !o.controls })
}

// OwnersOf returns the Deployments that own the object, and are there.
func OwnersOf(ctx context.Context, r Reader, namespace string, m Managed) (out []*Workload, err error) {
	for _, o := range m.Owners {
		id := route.ID{GroupKind: DeploymentKind, Ref: route.Ref{Namespace: namespace, Name: o.name}}
		w, err := r.Workload(ctx, id)
		if err != nil {
			return nil, err
		}
		if w != nil && m.ownedBy(w) {
			out = append(out, w)
		}
	}
	return out, nil
}

// KeeperOf names the app that Aviary keeps the object for, if it has a name that Aviary gives for that app; empty for
// none. It is the app of the label or, where that was taken away from what Aviary wrote, of a version that owns it.
func KeeperOf(ctx context.Context, r Reader, f Fact) (app string, err error) {
	m := StateOf(f)
	if m.App != "" {
		return m.App, nil
	}
	if !m.Written {
		return "", nil
	}
	owners, err := OwnersOf(ctx, r, f.Identity().Namespace, m)
	for _, w := range owners {
		if w.Version != nil && !w.Terminating {
			return w.Version.App, err
		}
	}
	return "", err
}
