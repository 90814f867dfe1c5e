package stories

import (
	"encoding/json"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/util/retry"
)

// resource returns a client for an object.
func (v *verdicts) resource(o *unstructured.Unstructured) dynamic.ResourceInterface {
	kind := kinds[o.GetKind()]
	if o.GetKind() == "Namespace" {
		return v.objects.Resource(kind)
	}
	return v.objects.Resource(kind).Namespace(o.GetNamespace())
}

// createAll creates objects with their status, and the namespaces that they need.
func (v *verdicts) createAll(objects []*unstructured.Unstructured) {
	v.Helper()
	for _, o := range objects {
		if o.GetKind() == "Namespace" {
			v.createOne(o)
		}
	}
	for _, o := range objects {
		if o.GetKind() == "Namespace" {
			continue
		}
		ns := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
		ns.SetName(o.GetNamespace())
		v.createOne(ns)
		v.createOne(o)
	}
}

// createOne creates an object, or replaces the one that Aviary has created under its name.
func (v *verdicts) createOne(o *unstructured.Unstructured) {
	v.Helper()
	sent := o.DeepCopy()
	sent.SetResourceVersion("")
	sent.SetManagedFields(nil)
	sent.SetUID("")
	_, err := v.resource(o).Create(v.Context(), sent, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		if o.GetKind() != "Namespace" { // Aviary made it.
			v.update(o)
		}
		return
	}
	if err != nil {
		v.Errorf("create %s: %v", objectKey(o), err)
		return
	}
	if status, ok := o.Object["status"].(map[string]any); ok && kinds[o.GetKind()].Group == "apps" {
		if status["replicas"] == nil { // Which the API server wants.
			status["replicas"] = status["readyReplicas"]
		}
		patch, err := json.Marshal(map[string]any{"status": status})
		v.must(err)
		_, err = v.resource(o).Patch(v.Context(), o.GetName(), types.MergePatchType, patch, metav1.PatchOptions{},
			"status")
		v.must(err)
	}
}

// update replaces an existing object.
func (v *verdicts) update(o *unstructured.Unstructured) {
	v.Helper()
	v.must(retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		live, err := v.resource(o).Get(v.Context(), o.GetName(), metav1.GetOptions{})
		if err != nil {
			return err
		}
		sent := o.DeepCopy()
		sent.SetResourceVersion(live.GetResourceVersion())
		sent.SetUID(live.GetUID())
		_, err = v.resource(o).Update(v.Context(), sent, metav1.UpdateOptions{})
		return err
	}))
}

// applyRequests does what the requests of a case ask for.
func (v *verdicts) applyRequests(c *verdictCase) {
	v.Helper()
	for _, r := range c.requests {
		switch o := r.object(); {
		case r.new == nil:
			v.must(v.resource(o).Delete(v.Context(), o.GetName(), metav1.DeleteOptions{}))
		case r.old != nil:
			v.update(o)
		case !c.corpus: // Whose objects are there.
			v.createAll([]*unstructured.Unstructured{o})
		}
	}
}

// refreshCaches restarts Aviary, so that it has seen every object, and returns how long that took.
func (v *verdicts) refreshCaches() time.Duration {
	v.Helper()
	began := time.Now()
	v.must(v.aviary.Restart(v.Context()))
	return time.Since(began)
}
