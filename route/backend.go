package route

import (
	"cmp"
	"maps"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Ref is the namespace and name of an object whose kind is known.
type Ref struct {
	Namespace, Name string
}

func (r Ref) String() string { return r.Namespace + "/" + r.Name }

// Less orders refs by namespace, then name.
func (r Ref) Less(o Ref) bool {
	return cmp.Or(cmp.Compare(r.Namespace, o.Namespace), cmp.Compare(r.Name, o.Name)) < 0
}

// ID names an object of any kind. The group is part of it: Gloo and Istio both have a
// VirtualService.
type ID struct {
	schema.GroupKind
	Ref
}

// String is the form in messages, "Service shop/till".
func (id ID) String() string { return id.Kind + " " + id.Ref.String() }

// Backend is what a destination sends requests to: the endpoints of an object, or those of them
// with certain labels.
type Backend struct {
	// ID names the object; it is zero if nothing can be looked up.
	ID
	// Labels pick, of the object's endpoints, those of one version; empty for all of them.
	Labels map[string]string
	// Opaque says what a backend is that no object stands for, in the dialect's word.
	Opaque string
}

// Known reports whether the backend names an object. It may be nil.
func (b *Backend) Known() bool { return b != nil && b.Name != "" }

// Equal reports whether both send to the same endpoints. Both may be nil.
func (b *Backend) Equal(o *Backend) bool {
	if b == nil || o == nil {
		return b == o
	}
	return b.ID == o.ID && b.Opaque == o.Opaque && maps.Equal(b.Labels, o.Labels)
}
