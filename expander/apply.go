package expander

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// apply creates or corrects one sibling. It is read first, unless the watch says that nothing
// happened to it since it was last seen to be right.
func (e *Expander) apply(
	ctx context.Context, app route.Ref, versions []*fact.Workload, m *memory, s sibling,
) error {
	last := m.known[s.ID]
	if last.desired == s.digest && last.version == e.seen(s.ID) {
		return nil
	}
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(s.desired.GroupVersionKind())
	err := e.Client.Get(ctx, client.ObjectKeyFromObject(s.desired), live)
	switch {
	case apierrors.IsNotFound(err):
		return e.create(ctx, app, m, s)
	case err != nil:
		return &failure{s.ID, "get", err}
	case !isKept(live, app.Name, versions):
		delete(m.known, s.ID)
		e.Events.Eventf(live, nil, corev1.EventTypeWarning, "SiblingCollision", "Keep",
			"app %s needs an object of this name, but this one is not Aviary's; rename or remove it", app.Name)
		return nil
	case live.GetDeletionTimestamp() != nil:
		return stillGoing(s.ID, live) // its end will be seen
	}
	return e.update(ctx, app, m, s, live)
}

func (e *Expander) create(ctx context.Context, app route.Ref, m *memory, s sibling) error {
	made := s.desired.DeepCopy()
	if err := e.Client.Create(ctx, made, client.FieldOwner(fieldManager)); err != nil {
		return &failure{s.ID, "create", err}
	}
	why := "it is missing"
	if m.known[s.ID].outlivedBy(s) {
		why = "somebody deleted it"
		restored.WithLabelValues(s.Kind).Inc()
		e.Events.Eventf(made, nil, corev1.EventTypeNormal, "Restored", "Create",
			"%s; app %s needs it", why, app.Name)
	}
	wrote(ctx, app, s.ID, "create", why)
	m.remember(s, made)
	return nil
}

func (e *Expander) update(
	ctx context.Context, app route.Ref, m *memory, s sibling, live *unstructured.Unstructured,
) error {
	corrected := live.DeepCopy()
	s.correct(corrected)
	if equality.Semantic.DeepEqual(live.Object, corrected.Object) {
		m.remember(s, live)
		return nil
	}
	ownersOnly := sameButOwners(live, corrected)
	if err := e.Client.Update(ctx, corrected, client.FieldOwner(fieldManager)); err != nil {
		return &failure{s.ID, "update", err}
	}
	why := "the plan has changed"
	switch last := m.known[s.ID].desired; {
	case last == digest{}:
		why = "it differs from the plan"
	case last == s.digest && ownersOnly:
		why = "its owners have changed" // which the garbage collector does
	case last == s.digest:
		why = "somebody changed it"
		restored.WithLabelValues(s.Kind).Inc()
		e.Events.Eventf(corrected, nil, corev1.EventTypeNormal, "Restored", "Update",
			"%s; app %s needs it as it was", why, app.Name)
	}
	wrote(ctx, app, s.ID, "update", why)
	m.remember(s, corrected)
	return nil
}

// remember notes that the object is as the sibling should be.
func (m *memory) remember(s sibling, o client.Object) {
	m.known[s.ID] = known{version: o.GetResourceVersion(), desired: s.digest, says: s.says, owners: s.owners()}
}

// sameButOwners reports whether the two differ in nothing but their owners.
func sameButOwners(live, corrected *unstructured.Unstructured) bool {
	o := live.DeepCopy()
	o.SetOwnerReferences(corrected.GetOwnerReferences())
	return equality.Semantic.DeepEqual(o.Object, corrected.Object)
}

// wrote counts and logs a write.
func wrote(ctx context.Context, app route.Ref, id route.ID, action, why string) {
	actions.WithLabelValues(id.Kind, action).Inc()
	ctrl.LoggerFrom(ctx).Info("sibling written", "kind", id.Kind, "namespace", id.Namespace, "name", id.Name,
		"app", app.Name, "action", action, "why", why)
}
