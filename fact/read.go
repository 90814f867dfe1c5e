package fact

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// ReadWorkload returns the fact of a Deployment, StatefulSet, DaemonSet or Rollout with a pod template of its own.
func ReadWorkload(kind schema.GroupKind, d *convention.Deployment, keys convention.LabelKeys) *Workload {
	w := &Workload{
		ID: IDOf(kind, d), UID: d.UID,
		Replicas: 1, Available: d.Status.AvailableReplicas, Terminating: d.DeletionTimestamp != nil,
	}
	w.Labels, w.Cut = few(d.Spec.Template.Labels, keys.App, keys.Version)
	if d.Spec.Replicas != nil {
		w.Replicas = *d.Spec.Replicas
	}
	if kind == DaemonSetKind {
		w.Available = d.Status.NumberAvailable
	}
	for _, c := range slices.Concat(d.Spec.Template.Containers, d.Spec.Template.Sidecars) {
		w.Unlisted = w.Unlisted || len(c.Ports) == 0
		for _, p := range c.Ports[:min(len(c.Ports), MaxPorts-len(w.Ports))] {
			p.Protocol = protocol(p.Protocol)
			w.Ports = append(w.Ports, p)
		}
	}
	if selector := d.Spec.Selector; selector != nil {
		w.Selector = only(selector.MatchLabels, keys.App, keys.Version)
		if maps.Equal(w.Selector, w.Labels) {
			w.Selector = w.Labels // one map less to keep
		}
	}
	if kind == DeploymentKind && convention.Concerns(d.Annotations) {
		w.Version, w.Findings = convention.Read(d, keys)
	} else {
		w.Findings = convention.Misplaced(kind.Kind, d)
	}
	return w
}

// ReadService returns the fact of a Service. Asked are the annotations that dialects ask about.
func ReadService(s *corev1.Service, asked []string) *Service {
	out := &Service{
		Ref: IDOf(ServiceKind, s).Ref, Managed: ReadManaged(s, convention.IsService),
		External: s.Spec.Type == corev1.ServiceTypeExternalName,
	}
	out.Selector = FewLabels(s.Spec.Selector)
	for _, key := range asked {
		if _, ok := s.Annotations[key]; ok {
			out.Annotations = append(out.Annotations, key)
		}
	}
	for _, p := range s.Spec.Ports[:min(len(s.Spec.Ports), MaxServicePorts)] {
		out.Ports = append(out.Ports, p.Port)
		out.Targets = append(out.Targets, target(&p))
	}
	return out
}

// target is where the port leads: a name, or a number, which is its own where none is said.
func target(p *corev1.ServicePort) string {
	switch {
	case p.TargetPort.Type == intstr.String && p.TargetPort.StrVal != "":
		if other := protocol(string(p.Protocol)); other != "" {
			return p.TargetPort.StrVal + "/" + other
		}
		return strings.Clone(p.TargetPort.StrVal)
	case p.TargetPort.IntVal != 0:
		return strconv.Itoa(int(p.TargetPort.IntVal))
	}
	return strconv.Itoa(int(p.Port))
}

// protocol is what is kept of one: nothing of TCP, and no text that would hold on to what it is a part of.
func protocol(text string) string {
	if text == string(corev1.ProtocolTCP) {
		return ""
	}
	return strings.Clone(text)
}

// ReadNamespace returns the fact of a Namespace.
func ReadNamespace(n *corev1.Namespace) *Namespace {
	out := &Namespace{
		Name: n.Name, APIGroups: groups(n.Annotations[convention.KeyAPIGroup]), Terminating: n.DeletionTimestamp != nil,
	}
	out.Labels, _ = few(n.Labels, corev1.LabelMetadataName, convention.KeySelfService)
	return out
}

// ReadPod returns the fact of a running Pod that no workload of another kind made; nil for any
// other Pod. A ReplicaSet's Pod is a Deployment's if it carries the Deployment controller's
// pod-template-hash (Argo Rollouts uses another key).
func ReadPod(p *corev1.Pod) *Workload {
	if p.DeletionTimestamp != nil || p.Status.Phase != corev1.PodRunning {
		return nil
	}
	if c := metav1.GetControllerOf(p); c != nil {
		_, deployments := p.Labels["pod-template-hash"]
		if c.Kind == StatefulSetKind.Kind || c.Kind == DaemonSetKind.Kind || c.Kind == "ReplicaSet" && deployments {
			return nil
		}
	}
	return &Workload{ID: IDOf(PodKind, p), UID: p.UID, Labels: p.Labels, Replicas: 1, Available: 1}
}

// IDOf names an object of a kind.
func IDOf(kind schema.GroupKind, o metav1.Object) route.ID {
	return route.ID{GroupKind: kind, Ref: route.Ref{Namespace: o.GetNamespace(), Name: o.GetName()}}
}

// only returns the entries with these keys.
func only(m map[string]string, keys ...string) map[string]string {
	out := make(map[string]string, len(keys))
	for _, k := range keys {
		if v, ok := m[k]; ok {
			out[k] = v
		}
	}
	return out
}
