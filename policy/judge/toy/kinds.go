package toy

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Path sends the requests that come to a parent to Groups of its namespace.
type Path struct {
	metav1.TypeMeta
	convention.Meta `json:"metadata"`
	Spec            struct {
		Parent string  `json:"parent"`
		Routes []Route `json:"routes"`
	} `json:"spec"`
}

// Route is one of a Path's.
type Route struct {
	Prefix string `json:"prefix"`
	// Header must be there; empty for none.
	Header string `json:"header"`
	To     []struct {
		Group  string `json:"group"`
		Weight *int64 `json:"weight"`
	} `json:"to"`
}

// Group stands for Pods.
type Group struct {
	metav1.TypeMeta
	convention.Meta `json:"metadata"`
	Spec            struct {
		Selector map[string]string `json:"selector"`
	} `json:"spec"`
}

var (
	pathKind  = schema.GroupVersionKind{Group: "toy.example", Version: "v1", Kind: "Path"}
	groupKind = schema.GroupVersionKind{Group: "toy.example", Version: "v1", Kind: "Group"}
)

// Kinds implements dialect.Dialect.
func (Dialect) Kinds() []dialect.Kind {
	return []dialect.Kind{
		{
			GroupVersionKind: groupKind, Resource: "groups", Role: dialect.Backend, Noun: groupKind.Kind,
			New:     func() dialect.Object { return &Group{} },
			NewList: func() dialect.ObjectList { return &groups{} },
			Fact: func(o dialect.Object) fact.Fact {
				g := o.(*Group)
				return &fact.Backend{
					ID: fact.IDOf(groupKind.GroupKind(), g), Managed: fact.ReadManaged(g, nil), Pods: true,
					Selector: g.Spec.Selector, Service: route.Ref{Namespace: g.Namespace},
				}
			},
		},
		{
			GroupVersionKind: pathKind, Resource: "paths", Role: dialect.Table, Noun: pathKind.Kind,
			New:     func() dialect.Object { return &Path{} },
			NewList: func() dialect.ObjectList { return &paths{} },
			Fact: func(o dialect.Object) fact.Fact {
				p := o.(*Path)
				return &fact.Table{
					Table: route.Table{ID: fact.IDOf(pathKind.GroupKind(), p), Routes: p.read()}, Managed: fact.ReadManaged(p, nil),
					Led: true, Labels: map[string]string{parentLabel: p.Spec.Parent},
				}
			},
		},
	}
}

type (
	paths  struct{ dialect.Objects[Path] }
	groups struct{ dialect.Objects[Group] }
)

// DeepCopyObject makes a Path a runtime.Object; nobody writes to one.
func (p *Path) DeepCopyObject() runtime.Object { out := *p; return &out }

// DeepCopyObject makes a Group a runtime.Object.
func (g *Group) DeepCopyObject() runtime.Object { out := *g; return &out }

func (l *paths) DeepCopyObject() runtime.Object  { out := *l; return &out }
func (l *groups) DeepCopyObject() runtime.Object { out := *l; return &out }
