package expander

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/util/retry"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// apply creates or corrects one sibling. It is read first, unless the watch says that nothing
// happened to it since it was last seen to be right, and written unless it is contested.
func (e *Expander) apply(
	ctx context.Context, app route.Ref, versions []*fact.Workload, m *memory, s sibling,
) error {
	last := m.known[s.ID]
	if last.desired == s.digest && last.version == e.seen(s.ID) {
		return nil
	}
	if err := e.contest(s.ID); err != nil {
		return err
	}
	return retry.RetryOnConflict(tries, func() error { return e.bring(ctx, app, versions, m, s) })
}

// tries are those of one write that others come before.
var tries = wait.Backoff{Steps: 5, Duration: time.Millisecond, Jitter: 1}

// bring has one sibling be as it should be.
func (e *Expander) bring(
	ctx context.Context, app route.Ref, versions []*fact.Workload, m *memory, s sibling,
) error {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(s.desired.GroupVersionKind())
	err := e.Client.Get(ctx, client.ObjectKeyFromObject(s.desired), live)
	switch {
	case apierrors.IsNotFound(err):
		return e.create(ctx, app, m, s)
	case err != nil:
		return &failure{s.ID, "get", err}
	case !isKept(live, app.Name, versions):
		m.known[s.ID] = known{}
		e.tell(s.ID, live, corev1.EventTypeWarning, "SiblingCollision", "Keep", fmt.Sprintf(
			"app %s needs an object of this name, but this one is not Aviary's; rename or remove it", app.Name))
		return nil
	case live.GetDeletionTimestamp() != nil:
		return stillGoing(s.ID, live) // its end will be seen
	}
	return e.update(ctx, app, m, s, live)
}

func (e *Expander) create(ctx context.Context, app route.Ref, m *memory, s sibling) error {
	made := s.desired.DeepCopy()
	if err := e.Client.Create(ctx, made, client.FieldOwner(fact.FieldManager)); err != nil {
		return &failure{s.ID, "create", err}
	}
	why, done := "it is missing", ""
	if m.known[s.ID].outlivedBy(s) {
		why = "somebody deleted it"
		restored.WithLabelValues(s.Kind).Inc()
		done = why + "; app " + app.Name + " needs it"
	}
	if _, stood := m.known[s.ID]; stood {
		e.putBack(s.ID)
		e.tellPutBack(app, s.ID, made, "Create", done, "")
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
	if err := e.mayOwn(ctx, s, live); err != nil {
		return err
	}
	ownersOnly := sameButOwners(live, corrected)
	touched := live.GetResourceVersion() != m.known[s.ID].version
	if touched {
		e.putBack(s.ID) // that counts also if it fails, because they write it just now
	}
	if err := e.Client.Update(ctx, corrected, client.FieldOwner(fact.FieldManager)); err != nil {
		if touched && apierrors.IsConflict(err) {
			e.tellPutBack(app, s.ID, live, "Update", "", lastBy(live))
		}
		return &failure{s.ID, "update", err}
	}
	why, done := "the plan has changed", ""
	switch last := m.known[s.ID].desired; {
	case last == digest{}:
		why = "it differs from the plan"
	case last == s.digest && ownersOnly:
		why = "its owners have changed" // which the garbage collector does
	case last == s.digest:
		why = "somebody changed it"
		restored.WithLabelValues(s.Kind).Inc()
		done = why + "; app " + app.Name + " needs it as it was"
	}
	if touched {
		e.tellPutBack(app, s.ID, corrected, "Update", done, lastBy(live))
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
