package webhook

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/fact"
	"aviary.dev/policy/judge"
)

// regarding refers to the object of a request, for Events.
func (c *call) regarding() *corev1.ObjectReference {
	out := &corev1.ObjectReference{
		APIVersion: schema.GroupVersion{Group: c.Kind.Group, Version: c.Kind.Version}.String(),
		Kind:       c.Kind.Kind, Namespace: c.Namespace, Name: c.Name,
	}
	out.UID = fact.StateOf(c.request.Old).UID
	if w, ok := c.request.Old.(*fact.Workload); ok {
		out.UID = w.UID
	}
	return out
}

// recordRefusal writes an Event about an object whose DELETE is refused: Helm says success all the same, or prints no
// reason. It names no resource version, so that client-go counts what is refused again and again.
func (v *Validate) recordRefusal(c *call, resp admission.Response) {
	if resp.Allowed || c.request.Operation != judge.Delete || resp.Result == nil {
		return
	}
	if v.Events == nil || c.DryRun != nil && *c.DryRun {
		return
	}
	v.Events.Eventf(c.regarding(), nil, corev1.EventTypeWarning, "Refused", "DELETE", "%s", resp.Result.Message)
}
