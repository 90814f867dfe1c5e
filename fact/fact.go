package fact

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/route"
)

// Kubernetes' own kinds that facts are kept of, and Argo's workload.
var (
	DeploymentKind  = schema.GroupKind{Group: "apps", Kind: "Deployment"}
	StatefulSetKind = schema.GroupKind{Group: "apps", Kind: "StatefulSet"}
	DaemonSetKind   = schema.GroupKind{Group: "apps", Kind: "DaemonSet"}
	RolloutKind     = schema.GroupKind{Group: "argoproj.io", Kind: "Rollout"}
	PodKind         = schema.GroupKind{Kind: "Pod"}
	ServiceKind     = schema.GroupKind{Kind: "Service"}
	NamespaceKind   = schema.GroupKind{Kind: "Namespace"}
)

// Fact is what is known of one object: a *Workload (of a Pod, too), *Table, *Backend, *Service or *Namespace.
type Fact interface{ Identity() route.ID }

// Managed says for which app Aviary keeps an object, and at which state it was read.
type Managed struct {
	// App is the app whose label the object carries, if it has a name that Aviary gives for that app: it keeps the object,
	// which is somebody else's where App is empty. But see [Managed.KeptFor].
	App             string
	UID             types.UID
	ResourceVersion string
	Terminating     bool
	// Written: Aviary wrote some of it. Who may write the object may also claim so, and have it corrected.
	Written bool
	// Owners are the first Deployments that own the object, which goes with the last of them.
	Owners []owner
	// Blocked is the annotation of that name, on an object that Aviary keeps; [ParseBlocked] reads it.
	Blocked string
}

// State returns what all kinds of objects that Aviary may manage have in common.
func (m *Managed) State() *Managed { return m }

// Table is an object with routes.
type Table struct {
	route.Table
	Managed
	// Led: it is reached by way of parents only, whether or not there is one. Others are led to by nobody: they are the
	// way in, or lists that routes refer to.
	Led    bool
	Labels map[string]string
	// WasPrimary and Follows are the annotations of these names, on a table that Aviary manages.
	WasPrimary, Follows string
	// Unparsable are the texts that the dialect can't read.
	Unparsable []Unparsable
	// Unchecked: an annotation turns the dialect's own validation of it off.
	Unchecked bool
	// Retire: its routes hold no workload, Service or backend any more.
	Retire bool
	// Ports are those that destinations name at Services themselves, each once.
	Ports []NamedPort
	// Parent is how it hands requests on to other tables, in the dialect's own form; nil if it does
	// not.
	Parent Parent
	// Entry is how requests come in, of a root; nil for others.
	Entry *Entry
	// Faults are places that keep others' changes from going live: the first [MaxFaults].
	Faults []Fault
}

// NamedPort is a port of a Service that a destination names; Field is the path of the first that does.
type NamedPort struct {
	Field   string
	Service route.Ref
	Port    int32
}

// MaxFaults bounds how many faults are kept of one object.
const MaxFaults = 20

// Parent is how an object hands requests on to tables, in the dialect's own form.
type Parent interface {
	// Same reports whether both hand on to the same tables in the same way; the other may be nil.
	Same(other Parent) bool
	// Beyond is that part of it that the other, which may be nil, has not.
	Beyond(other Parent) Parent
	// Cost is what it costs, besides the routes by which it hands on.
	Cost() Cost
}

// Unparsable is a text in an object that the API server takes and the dialect can't read.
type Unparsable struct {
	// Field is the path in the object, Value the text as it stands there, without quotes.
	Field, Value string
	// Names are the texts that can be read.
	Names []string
	// Meant is the name that was probably meant; empty if that can't be told.
	Meant string
}

// Backend is an object of the dialect's that stands for endpoints and that destinations name.
type Backend struct {
	route.ID
	Managed
	// Pods: its endpoints are Pods of the cluster. Of others nothing more is known.
	Pods     bool
	Selector map[string]string
	// Service is the one whose endpoints it takes; of a backend that picks Pods itself only the namespace.
	Service route.Ref
	Port    int32
	// SubsetKeys are the sets of label keys by which destinations may pick endpoints.
	SubsetKeys [][]string
	// Strict: nobody answers a destination that picks no endpoints, or such as are not there. Else those with the labels
	// of Default do: all, if it is empty.
	Strict     bool
	Default    map[string]string
	Unparsable []Unparsable
	// Choices are those where more than one alternative is set.
	Choices []route.Choice
	// Faults are places that keep others' changes from going live.
	Faults []Fault
}

// HasSubsets reports whether destinations can pick some of the endpoints.
func (b *Backend) HasSubsets() bool { return len(b.SubsetKeys) > 0 }

// Declares reports whether destinations can pick endpoints by these labels: the keys of a set, some of
// which may stand twice, are exactly theirs.
func (b *Backend) Declares(labels map[string]string) bool {
	return slices.ContainsFunc(b.SubsetKeys, func(keys []string) bool {
		for _, k := range keys {
			if _, ok := labels[k]; !ok {
				return false
			}
		}
		for k := range labels {
			if !slices.Contains(keys, k) {
				return false
			}
		}
		return true
	})
}

// Service is a Service.
type Service struct {
	route.Ref
	Managed
	Selector map[string]string
	// Ports are the numbers that it listens on, and Targets where they lead: numbers, or names of container ports,
	// with the protocol if that is not TCP: "dns/UDP".
	Ports   []int32
	Targets []string
	// External: it is an ExternalName, an alias without Pods.
	External bool
	// Annotations are the keys of those annotations that a dialect asks about.
	Annotations []string
}

// Namespace is a Namespace.
type Namespace struct {
	Name string
	// APIGroups is the annotation aviary.dev/api-group, split; no more than some hundred of it.
	APIGroups []string
	Labels    map[string]string
	// Terminating: nothing new can be made in it, be it an Event.
	Terminating bool
}

// Identity names the object.
func (t *Table) Identity() route.ID { return t.ID }

// Identity names the object.
func (b *Backend) Identity() route.ID { return b.ID }

// Identity names the object.
func (s *Service) Identity() route.ID { return route.ID{GroupKind: ServiceKind, Ref: s.Ref} }

// Identity names the object.
func (n *Namespace) Identity() route.ID { return NamespaceID(n.Name) }

// NamespaceID names a Namespace.
func NamespaceID(name string) route.ID {
	return route.ID{GroupKind: NamespaceKind, Ref: route.Ref{Name: name}}
}

// StateOf returns what is known of an object that Aviary may manage; zero for others.
func StateOf(f Fact) Managed {
	if m, ok := f.(interface{ State() *Managed }); ok {
		return *m.State()
	}
	return Managed{}
}

// AppOf names the app that the object is a version of, or is managed for; empty for none.
func AppOf(f Fact) route.Ref {
	app := StateOf(f).App
	if w, ok := f.(*Workload); ok && w.Version != nil {
		app = w.Version.App
	}
	if app == "" {
		return route.Ref{}
	}
	return route.Ref{Namespace: f.Identity().Namespace, Name: app}
}

// groups splits a Namespace's api-group annotation.
func groups(annotation string) []string {
	var out []string
	seen := map[string]bool{}
	for part := range strings.SplitSeq(annotation, ",") {
		if part = strings.TrimSpace(part); part != "" && !seen[part] && len(out) < maxGroups {
			seen[part] = true
			out = append(out, part)
		}
	}
	return out
}
