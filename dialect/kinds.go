package dialect

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// Kinds is the one list of kinds. It never changes and is safe for concurrent use.
type Kinds struct {
	keys     convention.LabelKeys
	list     []Kind
	live     []Kind // those of the list that clusters are asked for
	by       map[schema.GroupKind]*Kind
	dialects []Dialect
	of       map[schema.GroupKind]Dialect
	uses     []string
	table    schema.GroupKind // of the tables that are written
	scheme   *runtime.Scheme
}

// NewKinds makes the table of Kubernetes' own kinds and those of the dialects. Aviary writes the
// siblings of apps in the first one.
func NewKinds(keys convention.LabelKeys, dialects ...Dialect) *Kinds {
	k := &Kinds{keys: keys, dialects: dialects, by: map[schema.GroupKind]*Kind{}, of: map[schema.GroupKind]Dialect{}}
	var asked []string
	for _, d := range dialects {
		asked = append(asked, d.Annotations()...)
	}
	k.list = k.own(asked)
	for _, d := range dialects {
		for _, kind := range d.Kinds() {
			k.of[kind.GroupKind()] = d
			k.list = append(k.list, kind)
		}
	}
	for i := range k.list {
		kind := &k.list[i]
		k.by[kind.GroupKind()] = kind
		if use := kind.Use(); use != "" {
			k.uses = append(k.uses, use)
		}
		if !kind.Unwatched {
			k.live = append(k.live, *kind)
		}
	}
	for _, kind := range k.Written() {
		if kind.Role == Table {
			k.table = kind.GroupKind()
		}
	}
	k.scheme = k.newScheme()
	return k
}

// All lists the kinds: Kubernetes' own, then the dialects', in the order in which they are told of.
func (k *Kinds) All() []Kind { return k.list }

// Live lists those of the kinds that clusters are asked for.
func (k *Kinds) Live() []Kind { return k.live }

// Of returns a kind; nil for one that no facts are kept of.
func (k *Kinds) Of(kind schema.GroupKind) *Kind { return k.by[kind] }

// Written lists the kinds of siblings.
func (k *Kinds) Written() []*Kind {
	var out []*Kind
	for i := range k.list {
		if kind := &k.list[i]; kind.Written && (k.of[kind.GroupKind()] == nil || k.of[kind.GroupKind()] == k.Writer()) {
			out = append(out, kind)
		}
	}
	return out
}

// Keys are the label keys that facts are read with.
func (k *Kinds) Keys() convention.LabelKeys { return k.keys }

// Writer is the dialect in which Aviary writes the siblings of apps.
func (k *Kinds) Writer() Dialect { return k.dialects[0] }

// Dialect returns the one that a kind belongs to; for Kubernetes' own kinds the one in which Aviary
// writes.
func (k *Kinds) Dialect(kind schema.GroupKind) Dialect {
	if d := k.of[kind]; d != nil {
		return d
	}
	return k.Writer()
}

// Judged are the names of the kinds that are judged, sorted.
func (k *Kinds) Judged() []string {
	var out []string
	for _, kind := range k.list {
		out = append(out, kind.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Dialects are the names of the dialects, sorted.
func (k *Kinds) Dialects() []string {
	var out []string
	for _, d := range k.dialects {
		out = append(out, d.Name())
	}
	slices.Sort(out)
	return out
}

// Noun is what messages call an object of a kind.
func (k *Kinds) Noun(kind schema.GroupKind) string {
	if known := k.by[kind]; known != nil {
		return known.Noun
	}
	return kind.Kind
}

// Table names the table that Aviary keeps for an app.
func (k *Kinds) Table(app route.Ref) route.ID {
	return route.ID{GroupKind: k.table, Ref: route.Ref{Namespace: app.Namespace, Name: convention.TableName(app.Name)}}
}

// Scheme has the types that the kinds of a cluster are read into.
func (k *Kinds) Scheme() *runtime.Scheme { return k.scheme }

func (k *Kinds) newScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	if err := corev1.AddToScheme(s); err != nil {
		panic(err) // only a programming error can make it fail
	}
	groups := map[schema.GroupVersion]bool{corev1.SchemeGroupVersion: true}
	for _, kind := range k.live {
		version := kind.GroupVersion()
		if version == corev1.SchemeGroupVersion {
			continue
		}
		s.AddKnownTypeWithName(kind.GroupVersionKind, kind.New())
		s.AddKnownTypeWithName(version.WithKind(kind.Kind+"List"), kind.NewList())
		if !groups[version] {
			metav1.AddToGroupVersion(s, version)
			groups[version] = true
		}
	}
	return s
}
