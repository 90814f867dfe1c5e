package expander

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// kept is a sibling that was last seen to be as it should: at that resourceVersion, for the wish of that digest. The wish
// itself would be most of what Aviary holds in memory.
type kept struct {
	version string
	wish    digest
	// table is what a RouteTable says.
	table liveTable
}

func (e *Expander) keep(m *memory, name string, wish *unstructured.Unstructured, wished digest, version string) error {
	k := kept{version: version, wish: wished}
	if wish.GetKind() == gloo.KindRouteTable {
		var err error
		if k.table, err = readTable(wish, e.Behaviour().Settings.Keys); err != nil {
			return err
		}
	}
	m.kept[name] = k
	return nil
}

// digest tells wishes apart; the zero one is that of none.
type digest [sha256.Size]byte

func digestOf(wish *unstructured.Unstructured) (digest, error) {
	text, err := json.Marshal(wish.Object) // which sorts the keys
	return sha256.Sum256(text), err
}

// apply creates or corrects one sibling. It is read first, unless the watch says that nothing happened to it since it
// was last seen to be right.
func (e *Expander) apply(ctx context.Context, app route.Ref, m *memory, wish *unstructured.Unstructured) error {
	name := wish.GetKind() + "/" + wish.GetName()
	wished, err := digestOf(wish)
	if err != nil {
		return fmt.Errorf("digest %s: %w", name, err)
	}
	last := m.kept[name]
	if last.wish == wished && last.version == e.seen(ctx, wish) {
		return nil
	}
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(wish.GroupVersionKind())
	err = e.Client.Get(ctx, client.ObjectKeyFromObject(wish), live)
	switch {
	case apierrors.IsNotFound(err):
		made := wish.DeepCopy()
		if err := e.Client.Create(ctx, made, client.FieldOwner(FieldManager)); err != nil {
			return fmt.Errorf("create %s: %w", name, err)
		}
		acted(wish.GetKind(), "create")
		if last.wish != (digest{}) {
			restored.WithLabelValues(wish.GetKind()).Inc()
			e.Events.Eventf(made, nil, corev1.EventTypeNormal, "Restored", "Create", "somebody deleted it; app %s needs it", app.Name)
		}
		return e.keep(m, name, wish, wished, made.GetResourceVersion())
	case err != nil:
		return fmt.Errorf("get %s: %w", name, err)
	case !ours(live, app.Name):
		delete(m.kept, name)
		e.Events.Eventf(live, nil, corev1.EventTypeWarning, "SiblingCollision", "Keep",
			"app %s needs an object of this name, but this one is not Aviary's; rename or remove it", app.Name)
		return nil
	case live.GetDeletionTimestamp() != nil:
		return nil // its end will be seen
	}
	correct := live.DeepCopy()
	correctTo(correct, wish)
	if equality.Semantic.DeepEqual(live.Object, correct.Object) {
		return e.keep(m, name, wish, wished, live.GetResourceVersion())
	}
	if err := e.Client.Update(ctx, correct, client.FieldOwner(FieldManager)); err != nil {
		return fmt.Errorf("update %s: %w", name, err)
	}
	acted(wish.GetKind(), "update")
	if last.wish == wished {
		restored.WithLabelValues(wish.GetKind()).Inc()
		e.Events.Eventf(correct, nil, corev1.EventTypeNormal, "Restored", "Update", "somebody changed it; app %s needs it as it was", app.Name)
	}
	return e.keep(m, name, wish, wished, correct.GetResourceVersion())
}

// correctTo makes live be as wished: all of spec, but of a Service only ports, selector and type; the labels,
// annotations and owners that are Aviary's. What others added to the metadata stays. A server-side apply would not
// remove the fields that the plan lacks, so the object is replaced (docs/adr/0003).
func correctTo(live, wish *unstructured.Unstructured) {
	spec, _, _ := unstructured.NestedMap(wish.Object, "spec")
	if wish.GetKind() == inventory.KindService {
		for key, value := range spec {
			_ = unstructured.SetNestedField(live.Object, value, "spec", key)
		}
	} else {
		live.Object["spec"] = spec
	}
	live.SetLabels(union(live.GetLabels(), wish.GetLabels()))
	if len(wish.GetAnnotations()) > 0 {
		live.SetAnnotations(union(live.GetAnnotations(), wish.GetAnnotations()))
	}
	owners := wish.GetOwnerReferences()
	for _, o := range live.GetOwnerReferences() {
		if o.Kind != inventory.KindDeployment {
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

func ours(o client.Object, app string) bool {
	labels := o.GetLabels()
	return labels[convention.KeyManagedBy] == convention.ManagedBy && labels[convention.KeyApp] == app
}

// seen gives the resourceVersion at which the watch last saw the sibling.
func (e *Expander) seen(ctx context.Context, wish *unstructured.Unstructured) string {
	ref := route.Ref{Namespace: wish.GetNamespace(), Name: wish.GetName()}
	switch wish.GetKind() {
	case inventory.KindService:
		if s, _ := e.Store.Service(ctx, ref); s != nil {
			return s.ResourceVersion
		}
	case "Upstream":
		if u, _ := e.Store.Upstream(ctx, ref); u != nil {
			return u.ResourceVersion
		}
	default:
		if t, _ := e.Store.Table(ctx, inventory.ID{Kind: wish.GetKind(), Ref: ref}); t != nil {
			return t.ResourceVersion
		}
	}
	return ""
}
