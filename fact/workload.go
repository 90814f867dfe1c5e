package fact

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// Workload is something that makes pods; in a live answer also a running Pod that none of the other
// kinds made.
type Workload struct {
	route.ID
	UID types.UID
	// Labels are the pod template's. Cut is the first key of those that are not kept, where there are too many: it may
	// have any label from there on.
	Labels map[string]string
	Cut    string
	// Sometimes are labels that some of the pods have besides, or in place of those: values by key, any if there are none.
	Sometimes map[string][]string
	// Borrows is the Deployment whose pod template a Rollout takes; empty where it has its own.
	Borrows string
	// Selector is the spec's, as far as it is about Aviary's label keys.
	Selector map[string]string
	// Replicas is what the spec asks for; a DaemonSet counts as 1.
	Replicas, Available int32
	// Ports are those that the containers list, at most [MaxPorts].
	Ports []convention.ContainerPort
	// Unlisted: a container or a sidecar lists none, so that it may listen at any number.
	Unlisted    bool
	Terminating bool
	// Version is set for a Deployment that belongs to an app; Findings are what reading it found.
	Version  *convention.Version
	Findings []convention.Finding
}

// Identity names the object.
func (w *Workload) Identity() route.ID { return w.ID }

// Deployed reports whether the workload counts as there: it is not going, and it asks for pods.
func (w *Workload) Deployed() bool {
	return !w.Terminating && (w.Replicas > 0 || w.Version != nil && w.Version.Ungated)
}

// Waits reports whether the workload stands in a cluster, which a file does not, and no pod of it
// takes traffic: none is up yet, as in the moments after an installation, or none is up any more.
func (w *Workload) Waits() bool {
	return w.UID != "" && w.Available == 0 && (w.Version == nil || !w.Version.Ungated)
}

// MaxPorts bounds the ports that are kept of a workload.
const MaxPorts = 50

// Lists reports whether a container lists the port to which a Service's leads: a number, or a name, which Kubernetes
// looks up among the ports of the Service's protocol, for each Pod (FindPort, for endpoints).
func (w *Workload) Lists(target string) bool {
	name, protocol, _ := strings.Cut(target, "/")
	n, err := strconv.ParseInt(target, 10, 32)
	return slices.ContainsFunc(w.Ports, func(p convention.ContainerPort) bool {
		return p.Name == name && p.Protocol == protocol || err == nil && int64(p.ContainerPort) == n
	})
}

// given are the labels that controllers and the API server give to Pods, and no pod template says.
var given = []string{
	"apps.kubernetes.io/pod-index", "controller-revision-hash", "pod-template-generation", "pod-template-hash",
	"statefulset.kubernetes.io/pod-name", "topology.kubernetes.io/region", "topology.kubernetes.io/zone",
}

// Given reports whether one of the labels is of those that Pods are given, so that no workload tells who has them.
func Given(labels map[string]string) bool {
	return slices.ContainsFunc(given, func(key string) bool {
		_, ok := labels[key]
		return ok
	})
}

// Carries reports whether the pods have all of the labels, or may have them.
func (w *Workload) Carries(labels map[string]string) bool {
	if !w.Vague() {
		return carries(w.Labels, labels)
	}
	for k, v := range labels {
		is, ok := w.Labels[k]
		has := ok && is == v || !ok && w.Cut != "" && k >= w.Cut
		if !has && !w.sometimes(k, v) {
			return false
		}
	}
	return true
}

// Vague reports whether the pods may have other labels than Labels.
func (w *Workload) Vague() bool { return w.Cut != "" || w.Sometimes != nil }

func (w *Workload) sometimes(key, value string) bool {
	values, ok := w.Sometimes[key]
	return ok && (len(values) == 0 || slices.Contains(values, value))
}

// Carries reports whether the table has all of the labels.
func (t *Table) Carries(labels map[string]string) bool { return carries(t.Labels, labels) }

func carries(have, want map[string]string) bool {
	for k, v := range want {
		if is, ok := have[k]; !ok || is != v {
			return false
		}
	}
	return true
}
