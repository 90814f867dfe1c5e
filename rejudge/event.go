package rejudge

import (
	"context"
	"crypto/sha256"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// maxTold is how many findings that came together are told of one object, each in an Event of its own. Of the others
// one more says how many there are.
const maxTold = 20

// maxAction leaves room for a digest in an Event's action, which has 128 bytes at most.
const maxAction = 100

// tell writes an Event for each finding about an object. None can be written into a namespace that is being deleted.
func (r *Rejudger) tell(ctx context.Context, kinds *dialect.Kinds, f fact.Fact, findings []policy.Finding) {
	ns, _ := r.Store.Namespace(ctx, f.Identity().Namespace) // a Store never fails
	if ns != nil && ns.Terminating {
		return
	}
	for i, x := range findings {
		broken.WithLabelValues(x.Rule).Inc()
		if i < maxTold {
			r.say(regarding(kinds, f, x.Field), "Judge "+x.Rule, x.String())
		}
	}
	if more := len(findings) - maxTold; more > 0 {
		r.say(regarding(kinds, f, ""), "Judge", fmt.Sprintf("and %d more findings; kubectl canary audit lists all", more))
	}
}

// say writes one Event. client-go folds Events that are alike but for their text, and never writes the second text: so
// the action stands for it.
func (r *Rejudger) say(regarding *corev1.ObjectReference, action, text string) {
	digest := sha256.Sum256([]byte(text))
	action = fmt.Sprintf("%s %x", action[:min(len(action), maxAction)], digest[:4])
	r.Events.Eventf(regarding, nil, corev1.EventTypeWarning, "RuleBroken", action, "%s", text)
}

// regarding names the object as it was judged, and a field of it, for an Event.
func regarding(kinds *dialect.Kinds, f fact.Fact, field string) *corev1.ObjectReference {
	out := Reference(kinds, f.Identity())
	out.FieldPath, out.UID, out.ResourceVersion = field, uidOf(f), fact.StateOf(f).ResourceVersion
	return &out
}

// uidOf tells an object from another one of its name; empty for none.
func uidOf(f fact.Fact) types.UID {
	if w, ok := f.(*fact.Workload); ok {
		return w.UID
	}
	return fact.StateOf(f).UID
}

// Reference names an object by the API version at which it is read.
func Reference(kinds *dialect.Kinds, id route.ID) corev1.ObjectReference {
	out := corev1.ObjectReference{Kind: id.Kind, Namespace: id.Namespace, Name: id.Name}
	if kind := kinds.Of(id.GroupKind); kind != nil {
		out.APIVersion = kind.GroupVersion().String()
	}
	return out
}
