package rejudge

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// tell writes one Event about an object that breaks rules.
func (r *Rejudger) tell(kinds *dialect.Kinds, f fact.Fact, findings []policy.Finding) {
	if len(findings) == 0 {
		return
	}
	var lines []string
	for _, x := range findings {
		broken.WithLabelValues(x.Rule).Inc()
		lines = append(lines, x.String())
	}
	field := regarding(kinds, f, findings[0].Field)
	r.Events.Eventf(field, nil, corev1.EventTypeWarning, "RuleBroken", "Judge", "%s", strings.Join(lines, "\n"))
}

// regarding names the object, and a field of it, for an Event. Without field and resource version
// client-go takes what is told of an object for the same as what was told before, and its text is
// never written.
func regarding(kinds *dialect.Kinds, f fact.Fact, field string) *corev1.ObjectReference {
	state := fact.StateOf(f)
	out := Reference(kinds, f.Identity())
	out.FieldPath, out.UID, out.ResourceVersion = field, state.UID, state.ResourceVersion
	if w, ok := f.(*fact.Workload); ok {
		out.UID = w.UID
	}
	return &out
}

// Reference names an object by the API version at which it is read.
func Reference(kinds *dialect.Kinds, id route.ID) corev1.ObjectReference {
	out := corev1.ObjectReference{Kind: id.Kind, Namespace: id.Namespace, Name: id.Name}
	if kind := kinds.Of(id.GroupKind); kind != nil {
		out.APIVersion = kind.GroupVersion().String()
	}
	return out
}
