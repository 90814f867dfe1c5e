package expander

import (
	"context"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/inventory"
	"aviary.dev/route"
)

// orphanCheck is how often it is asked whether the Pods of an app without Deployments still run.
const orphanCheck = 30 * time.Second

// abandon deals with the siblings of an app that has no version any more. Where its last Deployment left it, they go, the
// RouteTable first. Where the owners themselves are gone, the garbage collector removes them. Where the Deployments were
// deleted with --cascade=orphan the siblings have no owner, and stay for as long as Pods of the app run.
func (e *Expander) abandon(ctx context.Context, app route.Ref) (time.Duration, error) {
	orphaned := false
	goes := func(o *unstructured.Unstructured) bool {
		owners := slices.DeleteFunc(o.GetOwnerReferences(), func(r metav1.OwnerReference) bool { return r.Kind != inventory.KindDeployment })
		if len(owners) == 0 {
			orphaned = true
			return false
		}
		return slices.ContainsFunc(owners, func(r metav1.OwnerReference) bool {
			w, _ := e.Store.Workload(ctx, inventory.ID{Kind: r.Kind, Ref: route.Ref{Namespace: app.Namespace, Name: r.Name}})
			return w != nil && w.UID == r.UID && !w.Terminating
		})
	}
	siblings := e.siblings(ctx, app)
	var stays *unstructured.Unstructured
	for _, id := range siblings {
		left, err := e.remove(ctx, app, id, goes)
		if err != nil {
			return 0, err
		}
		if left != nil && stays == nil {
			stays = left
		}
	}
	if !orphaned {
		e.forget(app)
		return 0, nil
	}
	return e.orphans(ctx, app, siblings, stays)
}

// orphans keeps the siblings that nobody owns while Pods of the app run, and says so once.
func (e *Expander) orphans(ctx context.Context, app route.Ref, siblings []inventory.ID, one *unstructured.Unstructured) (time.Duration, error) {
	var pods corev1.PodList
	if err := e.Client.List(ctx, &pods, client.InNamespace(app.Namespace), client.MatchingLabels{e.Behaviour().Settings.Keys.App: app.Name}); err != nil {
		return 0, err
	}
	if slices.ContainsFunc(pods.Items, func(p corev1.Pod) bool { return p.DeletionTimestamp == nil && p.Status.Phase == corev1.PodRunning }) {
		if m := e.remember(app); !m.orphaned {
			m.orphaned = true
			e.Events.Eventf(one, nil, corev1.EventTypeWarning, "Orphaned", "Keep",
				"app %s has no Deployment any more, but its Pods run: its siblings stay while they do", app.Name)
		}
		return orphanCheck, nil
	}
	for _, id := range siblings {
		if _, err := e.remove(ctx, app, id, nil); err != nil {
			return 0, err
		}
	}
	e.forget(app)
	return 0, nil
}
