package dialect

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/fact"
)

// Role is what objects of a kind are to Aviary.
type Role uint8

// The roles.
const (
	// Workload makes pods.
	Workload Role = iota + 1
	// Service stands before pods.
	Service
	// Namespace holds objects.
	Namespace
	// Backend is what destinations name in place of a Service.
	Backend
	// Table has routes, and parents lead to it.
	Table
	// Root is where requests come in. It has routes, too.
	Root
	// List is a weighted list of destinations that routes refer to.
	List
)

// Routes reports whether objects of the role have routes, so that their fact is a [fact.Table].
func (r Role) Routes() bool { return r == Table || r == Root || r == List }

// Object is what is read into for one object; every client takes it.
type Object interface {
	metav1.Object
	runtime.Object
}

// ObjectList is what is read into for a list.
type ObjectList interface {
	metav1.ListInterface
	runtime.Object
}

// Kind is one kind of object that Aviary reads or writes.
type Kind struct {
	schema.GroupVersionKind
	// Resource is the plural in the API server's paths.
	Resource string
	Role     Role
	// Unwatched: no cluster is asked for such objects, which it may not serve. They are read in files and stories, and
	// one that is written to a cluster is judged by itself.
	Unwatched bool
	// Written: Aviary keeps objects of this kind beside apps.
	Written bool
	// Noun is what messages call an object of the kind.
	Noun string
	// Leads is a text that stands in the JSON of every object of the kind that hands requests on to others; empty where
	// none does.
	Leads string
	// New and NewList return empty objects to decode into. What nobody watches needs no list.
	New     func() Object
	NewList func() ObjectList
	// Fact makes the fact of an object that New or NewList made.
	Fact func(Object) fact.Fact
}

// GroupResource is the form in which rights are named: "upstreams.gloo.solo.io".
func (k *Kind) GroupResource() schema.GroupResource {
	return schema.GroupResource{Group: k.Group, Resource: k.Resource}
}

// Use is the value of aviary.dev/use for the kind; empty if an app can't use one of somebody
// else's.
func (k *Kind) Use() string {
	if !k.Written || k.Role != Service && k.Role != Backend {
		return ""
	}
	return strings.ToLower(k.Kind)
}
