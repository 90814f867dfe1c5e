package expander

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// sibling is an object that should stand beside an app.
type sibling struct {
	route.ID
	desired *unstructured.Unstructured
	digest  digest
	// says is what a table says.
	says convention.LiveTable
}

// known is a sibling that was last seen to be as desired: at that resourceVersion, and with that
// digest; the zero one was last seen to be somebody else's. The desired object itself would be most of
// what Aviary holds in memory.
type known struct {
	version string
	desired digest
	says    convention.LiveTable
	owners  []types.UID
}

// outlivedBy reports whether one of those that owned it owns the sibling still: if none does, the garbage collector has
// taken it with the last.
func (k known) outlivedBy(s sibling) bool {
	return slices.ContainsFunc(s.owners(), func(uid types.UID) bool { return slices.Contains(k.owners, uid) })
}

// owners are the Deployments that should own the sibling.
func (s sibling) owners() (out []types.UID) {
	for _, o := range s.desired.GetOwnerReferences() {
		out = append(out, o.UID)
	}
	return out
}

// digest tells desired objects apart; the zero one is that of none.
type digest [sha256.Size]byte

// siblings returns the objects that the plan wants, in the order in which they are applied. Follows is what the table
// says that it was made of.
func (e *Expander) siblings(
	app *convention.App, plan convention.Plan, follows string, owners []metav1.OwnerReference,
) ([]sibling, error) {
	var out []sibling
	for _, s := range e.Kinds.Writer().Siblings(app, plan) {
		next := sibling{ID: s.ID, desired: s.Object()}
		next.desired.SetOwnerReferences(owners)
		if s.ID == e.Kinds.Table(route.Ref{Namespace: app.Namespace, Name: app.Name}) {
			was := app.Record(plan).String()
			next.desired.SetAnnotations(union(next.desired.GetAnnotations(), map[string]string{
				convention.KeyWasPrimary: was, convention.KeyFollows: follows,
			}))
			next.says = convention.ReadLiveTable(plan.Routes, was, follows, plan.APIGroup, app.Keys())
		}
		text, err := json.Marshal(next.desired.Object) // which sorts the keys
		if err != nil {
			return nil, fmt.Errorf("digest %s: %w", s.ID, err)
		}
		next.digest = sha256.Sum256(text)
		out = append(out, next)
	}
	return out, nil
}

// correct makes live be as desired: all of spec, but of a Service only what is desired of it; the
// labels, annotations and owners that are Aviary's. What others added to the metadata stays, also
// what they say of who manages it: charts say Helm. A server-side apply would not remove the fields
// that the plan lacks, so the object is replaced (docs/adr/0003).
func (s sibling) correct(live *unstructured.Unstructured) {
	spec, _, _ := unstructured.NestedMap(s.desired.Object, "spec")
	if s.GroupKind == fact.ServiceKind {
		for key, value := range spec {
			_ = unstructured.SetNestedField(live.Object, value, "spec", key)
		}
	} else {
		live.Object["spec"] = spec
	}
	labels := s.desired.GetLabels()
	if live.GetLabels()[convention.KeyManagedBy] != "" {
		delete(labels, convention.KeyManagedBy)
	}
	live.SetLabels(union(live.GetLabels(), labels))
	if len(s.desired.GetAnnotations()) > 0 {
		live.SetAnnotations(union(live.GetAnnotations(), s.desired.GetAnnotations()))
	}
	owners := s.desired.GetOwnerReferences()
	for _, o := range live.GetOwnerReferences() {
		if o.Kind != fact.DeploymentKind.Kind {
			owners = append(owners, o)
		}
	}
	sortOwners(owners)
	live.SetOwnerReferences(owners)
}

func union(have, want map[string]string) map[string]string {
	out := maps.Clone(have)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, want)
	return out
}

func sortOwners(owners []metav1.OwnerReference) {
	slices.SortFunc(owners, func(a, b metav1.OwnerReference) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
}

// isKept reports whether Aviary keeps the object, which has a name that it gives for the app; see
// [fact.Managed.KeptFor].
func isKept(o client.Object, app string, versions []*fact.Workload) bool {
	m := marks(o)
	return m.KeptFor(app, versions)
}

// marks reads those of an object that has a name which Aviary gives.
func marks(o client.Object) fact.Managed {
	return fact.ReadManaged(o, func(string, string) bool { return true })
}

// seen returns the resourceVersion at which the watch last saw the sibling.
func (e *Expander) seen(id route.ID) string { return fact.StateOf(e.Store.Fact(id)).ResourceVersion }
