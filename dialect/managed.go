package dialect

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
)

// ManagedLabels are those that an object carries which Aviary keeps for the app.
func ManagedLabels(app *convention.App) map[string]string {
	return map[string]string{convention.KeyManagedBy: convention.ManagedBy, convention.KeyApp: app.Name}
}

// NewManaged returns an object that Aviary keeps for the app.
func NewManaged(
	app *convention.App, kind schema.GroupVersionKind, name string, spec map[string]any,
) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: map[string]any{"spec": spec}}
	u.SetGroupVersionKind(kind)
	u.SetNamespace(app.Namespace)
	u.SetName(name)
	u.SetLabels(ManagedLabels(app))
	return u
}
