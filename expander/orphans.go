package expander

import (
	"context"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// orphanCheck is how often it is asked whether the Pods of an app without Deployments still run.
const orphanCheck = 30 * time.Second

// removeOrphans deals with the siblings of an app that has no version any more. Where its last
// Deployment left it, they go, the table first. Where the owners themselves are gone, the garbage
// collector removes them. Where the Deployments were deleted with --cascade=orphan the siblings
// have no owner, and stay for as long as Pods of the app run.
func (e *Expander) removeOrphans(ctx context.Context, app route.Ref) (time.Duration, error) {
	unowned := false
	left := func(o *unstructured.Unstructured) bool {
		notDeployment := func(r metav1.OwnerReference) bool { return r.Kind != fact.DeploymentKind.Kind }
		owners := slices.DeleteFunc(o.GetOwnerReferences(), notDeployment)
		if len(owners) == 0 {
			unowned = true
			return false
		}
		return slices.ContainsFunc(owners, func(r metav1.OwnerReference) bool {
			id := route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: app.Namespace, Name: r.Name}}
			w, _ := e.Store.Workload(ctx, id)
			return w != nil && w.UID == r.UID && !w.Terminating
		})
	}
	siblings := e.managed(ctx, app)
	var stays *unstructured.Unstructured
	for _, id := range siblings {
		found, err := e.remove(ctx, app, id, "the app's last Deployment left it", left)
		if err != nil {
			return 0, err
		}
		if found != nil && stays == nil {
			stays = found
		}
	}
	if !unowned {
		e.forget(app)
		return 0, nil
	}
	return e.keepWhilePodsRun(ctx, app, siblings, stays)
}

// keepWhilePodsRun keeps the siblings that nobody owns while Pods of the app run, and says so once.
func (e *Expander) keepWhilePodsRun(
	ctx context.Context, app route.Ref, siblings []route.ID, one *unstructured.Unstructured,
) (time.Duration, error) {
	var pods corev1.PodList
	ofApp := client.MatchingLabels{e.Kinds.Keys().App: app.Name}
	if err := e.Client.List(ctx, &pods, client.InNamespace(app.Namespace), ofApp); err != nil {
		return 0, err
	}
	if slices.ContainsFunc(pods.Items, runs) {
		if m := e.remember(app); !m.orphaned {
			m.orphaned = true
			e.Events.Eventf(one, nil, corev1.EventTypeWarning, "Orphaned", "Keep",
				"app %s has no Deployment any more, but its Pods run: its siblings stay while they do", app.Name)
		}
		return orphanCheck, nil
	}
	for _, id := range siblings {
		if _, err := e.remove(ctx, app, id, "no Pod of the app runs any more", nil); err != nil {
			return 0, err
		}
	}
	e.forget(app)
	return 0, nil
}

func runs(p corev1.Pod) bool {
	return p.DeletionTimestamp == nil && p.Status.Phase == corev1.PodRunning
}
