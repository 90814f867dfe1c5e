package openreports

import (
	"context"
	"reflect"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/rejudge"
)

// publish makes the namespace's report be what was found.
func (r *Reports) publish(ctx context.Context, namespace string, records []rejudge.Record) error {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(openreports.SchemeGroupVersion.WithKind("Report"))
	err := r.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: reportName}, live)
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	exists := err == nil
	if exists && live.GetLabels()[convention.KeyManagedBy] != convention.ManagedBy {
		return nil // somebody else's
	}
	if len(records) == 0 {
		if !exists {
			return nil
		}
		return client.IgnoreNotFound(r.Client.Delete(ctx, live))
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(reportOf(r.Kinds, namespace, records))
	if err != nil {
		return err
	}
	desired := &unstructured.Unstructured{Object: content}
	desired.SetGroupVersionKind(live.GroupVersionKind())
	if !exists {
		err := r.Client.Create(ctx, desired)
		if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
			return nil
		}
		return err
	}
	same := func(part string) bool { return reflect.DeepEqual(live.Object[part], desired.Object[part]) }
	if same("results") && same("summary") {
		return nil
	}
	desired.SetResourceVersion(live.GetResourceVersion())
	return r.Client.Update(ctx, desired)
}
