package dryrun

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Object is an object from a manifest as it would be admitted.
type Object struct {
	Fact fact.Fact
	// Namespaced: the manifest names no namespace, so that it got the world's.
	Namespaced bool
	// Wrong are the values that are not of the type that they must be, in the order of the text. Fact has
	// the rest.
	Wrong []*dialect.ValueError
	// Defaults are what the defaulting webhook fills in; Fact has them.
	Defaults convention.Defaults
}

// Decode makes a fact of the JSON of an object. The error says why it can't be read at all. It may be
// called at any time, also by several at once, but not while facts of a cluster are added.
func (w *World) Decode(kind *dialect.Kind, text []byte) (Object, error) {
	object, wrong, err := decode(kind, text)
	if err != nil {
		return Object{}, err
	}
	out := Object{Wrong: wrong}
	if object.GetNamespace() == "" && kind.Role != dialect.Namespace {
		out.Namespaced = true
		object.SetNamespace(w.namespace)
	}
	if d, ok := object.(*convention.Deployment); ok {
		out.Defaults = convention.DefaultsFor(d, w.storedSelector(d), w.kinds.Keys())
		out.Defaults.Apply(d)
	}
	out.Fact = kind.Fact(object)
	if workload, ok := out.Fact.(*fact.Workload); ok && workload.Version != nil {
		workload.Version.Compact()
	}
	return out, nil
}

// explain words a decoder's error; what stands twice in JSON as it is said of YAML.
func explain(err error) error {
	bad, ok := errors.AsType[*jsontext.SyntacticError](err)
	if ok && errors.Is(bad, jsontext.ErrDuplicateName) {
		return fmt.Errorf("key %q already set in map", bad.JSONPointer.LastToken())
	}
	return dialect.Explain(err)
}

// storedSelector returns the selector of the live Deployment that one from a manifest takes the place
// of: as far as facts have it, which is as far as rules ask.
func (w *World) storedSelector(d *convention.Deployment) *metav1.LabelSelector {
	live := w.beneath[route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: d.Namespace, Name: d.Name}}]
	if live == nil || live.Selector == nil {
		return nil
	}
	return &metav1.LabelSelector{MatchLabels: live.Selector}
}

// carry copies what only the live workload knows to one from a manifest, as an update would keep it.
func carry(live, w *fact.Workload) {
	w.UID, w.Available = live.UID, live.Available
	if w.Selector == nil {
		w.Selector = live.Selector
	}
	v := w.Version
	if v == nil {
		return
	}
	v.UID, v.Available = live.UID, live.Available
	if live.Version != nil {
		carryVersion(live.Version, v)
	}
}

func carryVersion(live, v *convention.Version) {
	v.Created, v.Ready = live.Created, live.Ready
	if v.PromotedAt.IsZero() {
		if v.PromotedAt = live.PromotedAt; v.Role == convention.Primary && live.Role != convention.Primary {
			v.PromotedAt = time.Now()
		}
	}
	if v.WeightRaisedAt.IsZero() {
		v.WeightRaisedAt = live.WeightRaisedAt
	}
}
