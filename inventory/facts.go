package inventory

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/route"
)

// Kinds of objects that facts are kept of; the routing kinds are named in package gloo.
const (
	KindDeployment  = "Deployment"
	KindStatefulSet = "StatefulSet"
	KindDaemonSet   = "DaemonSet"
	KindPod         = "Pod"
	KindService     = "Service"
	KindNamespace   = "Namespace"
)

// ID names an object.
type ID struct {
	Kind string
	route.Ref
}

// Fact is what is known of one object: a *Workload, *Table, *Upstream, *Service or *Namespace.
type Fact interface{ Identity() ID }

// Workload is something that makes pods; in a live answer also a running Pod that none of the other kinds made.
type Workload struct {
	ID
	UID types.UID
	// Labels are the pod template's.
	Labels map[string]string
	// Selector is the spec's, as far as it is about Aviary's label keys.
	Selector map[string]string
	// Replicas is what the spec asks for; a DaemonSet counts as 1.
	Replicas, Available int32
	Terminating         bool
	// Version is set for a Deployment that belongs to an app; Problems are what reading it found.
	Version  *convention.Version
	Problems []convention.Problem
}

// Deployed reports whether the workload counts as there: it is not going, and it asks for pods.
func (w *Workload) Deployed() bool {
	return !w.Terminating && (w.Replicas > 0 || w.Version != nil && w.Version.Ungated)
}

// Waits reports whether the workload stands in a cluster, which a file does not, and no pod of it takes traffic: none is
// up yet, as in the moments after an installation, or none is up any more.
func (w *Workload) Waits() bool {
	return w.UID != "" && w.Available == 0 && (w.Version == nil || !w.Version.Ungated)
}

// Carries reports whether the pods have all of the labels.
func (w *Workload) Carries(labels map[string]string) bool { return subset(labels, w.Labels) }

// Mark says whose sibling an object is.
type Mark struct {
	// App is the app that Aviary keeps the object for; empty for an object of somebody else's.
	App             string
	UID             types.UID
	ResourceVersion string
	// Owned: a Deployment owns the object, which goes with the last that does.
	Owned bool
}

// Table is a routing object: RouteTable, VirtualService or UpstreamGroup.
type Table struct {
	route.Table
	Mark
	Labels map[string]string
	// WasPrimary is the annotation of that name, on a table of Aviary's.
	WasPrimary string
	// Unparsable are the texts that Gloo can't read.
	Unparsable  []gloo.Unparsable
	Terminating bool
	// Unchecked: an annotation turns Gloo's own validation of it off.
	Unchecked bool
	// Retire: its routes hold no workload, Service or Upstream any more.
	Retire bool
}

// Upstream is an Upstream.
type Upstream struct {
	route.Ref
	Mark
	// Kube is false for other types, which have no subsets.
	Kube     bool
	Selector map[string]string
	Service  route.Ref
	Port     int32
	// SubsetKeys are the label key sets by which destinations may pick endpoints; HasSubsets tells none from no spec.
	SubsetKeys [][]string
	// Unparsable are the texts that Gloo can't read.
	Unparsable  []gloo.Unparsable
	Terminating bool
}

// HasSubsets reports whether destinations can name a subset.
func (u *Upstream) HasSubsets() bool { return len(u.SubsetKeys) > 0 }

// Service is a Service.
type Service struct {
	route.Ref
	Mark
	Selector map[string]string
	// Ports are the numbers that it listens on.
	Ports []int32
	// External: it is an ExternalName, an alias without Pods.
	External bool
	// Configures tells that the Service carries gloo.solo.io/upstream_config, by which Gloo's own upstream for it may have
	// subsets that no object shows.
	Configures  bool
	Terminating bool
}

// Namespace is a Namespace.
type Namespace struct {
	Name string
	// APIGroups is the annotation aviary.dev/api-group, split.
	APIGroups []string
	Labels    map[string]string
}

// Identity names the object.
func (w *Workload) Identity() ID { return w.ID }

// Identity names the object.
func (t *Table) Identity() ID { return ID{t.Kind, t.Ref} }

// Identity names the object.
func (u *Upstream) Identity() ID { return ID{"Upstream", u.Ref} }

// Identity names the object.
func (s *Service) Identity() ID { return ID{KindService, s.Ref} }

// Identity names the object.
func (n *Namespace) Identity() ID { return ID{KindNamespace, route.Ref{Name: n.Name}} }

// AppOf names the app that the object is a version of, or is kept for; empty for none.
func AppOf(f Fact) route.Ref {
	var app string
	switch f := f.(type) {
	case *Workload:
		if f.Version != nil {
			app = f.Version.App
		}
	case *Table:
		app = f.App
	case *Upstream:
		app = f.App
	case *Service:
		app = f.App
	}
	if app == "" {
		return route.Ref{}
	}
	return route.Ref{Namespace: f.Identity().Namespace, Name: app}
}

// Groups splits a Namespace's api-group annotation.
func Groups(annotation string) []string {
	var out []string
	for part := range strings.SplitSeq(annotation, ",") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}

// subset reports whether all of want stands in have.
func subset(want, have map[string]string) bool {
	for k, v := range want {
		if is, ok := have[k]; !ok || is != v {
			return false
		}
	}
	return true
}
