package expander

import (
	"context"
	"errors"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// mayOwn fails if a Deployment that is about to become an owner of the object is gone, or going. The garbage collector
// has just taken it out, for --cascade=orphan, and would delete the object for its sake. The watch of the object may
// have told of that before the watch of Deployments does.
func (e *Expander) mayOwn(ctx context.Context, s sibling, live *unstructured.Unstructured) error {
	for _, o := range s.desired.GetOwnerReferences() {
		if slices.ContainsFunc(live.GetOwnerReferences(), func(is metav1.OwnerReference) bool { return is.UID == o.UID }) {
			continue
		}
		owner := &metav1.PartialObjectMetadata{}
		owner.SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind(o.Kind))
		err := e.Client.Get(ctx, client.ObjectKey{Namespace: s.Namespace, Name: o.Name}, owner)
		switch {
		case client.IgnoreNotFound(err) != nil:
			return &failure{s.ID, "get", err}
		case err != nil, owner.UID != o.UID, owner.DeletionTimestamp != nil:
			return &failure{s.ID, "update", apierrors.NewConflict(appsv1.Resource("deployments"), o.Name,
				errors.New("the Deployment is being deleted, so it can't own "+s.Name))}
		}
	}
	return nil
}
