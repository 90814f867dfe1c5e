package convention

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/route"
)

// Role is what a version does in its app.
type Role string

// The roles that can be stated, and two that only the app can tell: Superseded is a stated primary while another
// version is it, TakingOver one that is declared primary and waits for its hand-over.
const (
	Primary    Role = "primary"
	Canary     Role = "canary"
	Shadow     Role = "shadow"
	Standby    Role = "standby"
	Superseded Role = "superseded"
	TakingOver Role = "taking over"
)

// Version is one annotated Deployment, read.
type Version struct {
	Namespace, Deployment string
	UID                   types.UID
	// Created is zero for an object that has not been stored yet.
	Created time.Time

	App, Name string
	// Role is what was stated; empty if nothing was.
	Role   Role
	Weight int
	// Headers are the canary's; HeadersStated tells "none" from "the default".
	Headers       []route.Header
	HeadersStated bool
	// Paths, Port, TargetPort and APIGroup belong to the app; zero if not stated.
	Paths      []route.Path
	Port       int32
	TargetPort string
	APIGroup   string
	Ungated    bool
	// Use are the kinds, in lower case and sorted, of which the sibling is somebody else's and used
	// as it is.
	Use []string
	// Retire: the whole app is going.
	Retire bool
	// Override is what aviary.dev/override says; zero if it can't be read.
	Override Override

	PromotedAt, WeightRaisedAt, OverriddenAt time.Time

	// Ports are those that the containers list, in order, and SidecarPorts those that sidecars list.
	Ports, SidecarPorts []ContainerPort
	// Unlisted: a container or a sidecar lists none, so that it may listen at any number.
	Unlisted bool
	// Replicas is what the spec asks for; Available and Ready are the status.
	Replicas, Available, Ready int32
	// Unreadable tells that the name, the role, the weight or the paths could not be read, so no traffic may be moved by
	// guessing.
	Unreadable bool

	template          *Template // until its digests are known
	containers, exact string
}

// Containers is a digest of what the version runs: its containers' names, images, commands, arguments and environment.
// Restarts, labels and what the API server fills in don't change it. It is computed when asked for; empty for a version
// that was not read from an object.
func (v *Version) Containers() string {
	if v.template != nil {
		return v.template.containers()
	}
	return v.containers
}

// exactTemplate is a digest of the pod template as the API server wrote it, to the last byte.
func (v *Version) exactTemplate() string {
	if v.template != nil {
		return digest(v.template.raw)
	}
	return v.exact
}

// Compact computes the digests and forgets the template, for a version that is to be kept.
func (v *Version) Compact() {
	v.containers, v.exact, v.template = v.Containers(), v.exactTemplate(), nil
}

// Serves reports whether the version has a pod that can take traffic now.
func (v *Version) Serves() bool { return v.Available > 0 }

// ServesPort reports whether a Service's target port reaches the containers or the sidecars: by name only if one lists
// it for TCP, by number also if one lists none.
func (v *Version) ServesPort(target string) bool {
	number, err := strconv.Atoi(target)
	if err == nil && (v.Unlisted || len(v.Ports) == 0) {
		return true
	}
	is := func(p ContainerPort) bool {
		tcp := p.Protocol == "" || p.Protocol == "TCP"
		return tcp && p.Name == target || err == nil && int(p.ContainerPort) == number
	}
	return slices.ContainsFunc(v.Ports, is) || slices.ContainsFunc(v.SidecarPorts, is)
}

// Wanted reports whether the version asks for pods at all; an autoscaler wakes an ungated one.
func (v *Version) Wanted() bool { return v.Replicas > 0 || v.Ungated }

// compareAge puts the older version first, then the lesser name. One that has not been stored yet is the youngest.
func (v *Version) compareAge(o *Version) int {
	if v.Created.IsZero() != o.Created.IsZero() {
		return preferIf(o.Created.IsZero())
	}
	return cmp.Or(v.Created.Compare(o.Created), cmp.Compare(v.Deployment, o.Deployment))
}

// preferIf is the result of a comparison that puts x first if so.
func preferIf(x bool) int {
	if x {
		return -1
	}
	return 1
}

// Finding is something that is wrong with one Deployment's annotations.
type Finding struct {
	// Key is the annotation, without the path; empty if it is not about one.
	Key                 string
	Field, Message, Fix string
	// Warning: the object is admitted all the same.
	Warning bool
	// Evidence says that it rests on another object, such as the Namespace or another version.
	Evidence bool
}
