package inventory

import (
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/route"
)

// ReadWorkload gives the fact of a Deployment, StatefulSet or DaemonSet.
func ReadWorkload(kind string, d *convention.Deployment, keys convention.LabelKeys) *Workload {
	w := &Workload{
		ID: ID{kind, ref(&d.ObjectMeta)}, UID: d.UID, Labels: d.Spec.Template.Labels,
		Replicas: 1, Available: d.Status.AvailableReplicas, Terminating: d.DeletionTimestamp != nil,
	}
	if d.Spec.Replicas != nil {
		w.Replicas = *d.Spec.Replicas
	}
	if kind == KindDaemonSet {
		w.Available = d.Status.NumberAvailable
	}
	if selector := d.Spec.Selector; selector != nil {
		w.Selector = only(selector.MatchLabels, keys.App, keys.Version)
		if maps.Equal(w.Selector, w.Labels) {
			w.Selector = w.Labels // one map less to keep
		}
	}
	if kind == KindDeployment && convention.Concerns(d.Annotations) {
		w.Version, w.Problems = convention.Read(d, keys)
	}
	return w
}

// ReadRouteTable gives the fact of a RouteTable.
func ReadRouteTable(t *gloo.RouteTable) *Table {
	return table(t.Table(), &t.ObjectMeta, t.Unparsable())
}

// ReadVirtualService gives the fact of a VirtualService.
func ReadVirtualService(t *gloo.VirtualService) *Table {
	return table(t.Table(), &t.ObjectMeta, t.Unparsable())
}

// ReadUpstreamGroup gives the fact of an UpstreamGroup.
func ReadUpstreamGroup(t *gloo.UpstreamGroup) *Table { return table(t.Table(), &t.ObjectMeta, nil) }

func table(t route.Table, m *metav1.ObjectMeta, unparsable []gloo.Unparsable) *Table {
	return &Table{
		Table: t, Mark: mark(m), Labels: m.Labels, Unparsable: unparsable,
		WasPrimary: strings.Clone(m.Annotations[convention.KeyWasPrimary]), Terminating: m.DeletionTimestamp != nil,
		Retire:    m.Annotations[convention.KeyRetire] == "true",
		Unchecked: m.Annotations[gloo.AnnotationSkipValidation] == "true",
	}
}

// ReadUpstream gives the fact of an Upstream.
func ReadUpstream(u *gloo.Upstream) *Upstream {
	out := &Upstream{
		Ref: ref(&u.ObjectMeta), Mark: mark(&u.ObjectMeta), SubsetKeys: u.Subsets(),
		Unparsable: u.Unparsable(), Terminating: u.DeletionTimestamp != nil,
	}
	if k := u.Spec.Kube; k != nil {
		out.Kube, out.Selector, out.Port = true, k.Selector, k.ServicePort
		out.Service = route.Ref{Namespace: k.ServiceNamespace, Name: k.ServiceName}
	}
	return out
}

// ReadService gives the fact of a Service.
func ReadService(s *corev1.Service) *Service {
	_, configures := s.Annotations[gloo.AnnotationUpstreamConfig]
	out := &Service{
		Ref: ref(&s.ObjectMeta), Mark: mark(&s.ObjectMeta), Selector: s.Spec.Selector,
		External:   s.Spec.Type == corev1.ServiceTypeExternalName,
		Configures: configures, Terminating: s.DeletionTimestamp != nil,
	}
	for _, p := range s.Spec.Ports {
		out.Ports = append(out.Ports, p.Port)
	}
	return out
}

// ReadNamespace gives the fact of a Namespace.
func ReadNamespace(n *corev1.Namespace) *Namespace {
	return &Namespace{Name: n.Name, APIGroups: Groups(n.Annotations[convention.KeyAPIGroup]), Labels: n.Labels}
}

// ReadPod gives the fact of a running Pod that no workload of another kind made; nil for any other Pod. A ReplicaSet's
// Pod is a Deployment's if it carries the Deployment controller's pod-template-hash (Argo Rollouts uses another key).
func ReadPod(p *corev1.Pod) *Workload {
	if p.DeletionTimestamp != nil || p.Status.Phase != corev1.PodRunning {
		return nil
	}
	if c := metav1.GetControllerOf(p); c != nil {
		_, deployments := p.Labels["pod-template-hash"]
		if c.Kind == KindStatefulSet || c.Kind == KindDaemonSet || c.Kind == "ReplicaSet" && deployments {
			return nil
		}
	}
	return &Workload{ID: ID{KindPod, ref(&p.ObjectMeta)}, UID: p.UID, Labels: p.Labels, Replicas: 1, Available: 1}
}

// only gives the entries with these keys.
func only(m map[string]string, keys ...string) map[string]string {
	out := make(map[string]string, len(keys))
	for _, k := range keys {
		if v, ok := m[k]; ok {
			out[k] = v
		}
	}
	return out
}

func ref(m *metav1.ObjectMeta) route.Ref { return route.Ref{Namespace: m.Namespace, Name: m.Name} }

func mark(m *metav1.ObjectMeta) Mark {
	out := Mark{UID: m.UID, ResourceVersion: m.ResourceVersion}
	if m.Labels[convention.KeyManagedBy] == convention.ManagedBy {
		out.App = m.Labels[convention.KeyApp]
	}
	out.Owned = slices.ContainsFunc(m.OwnerReferences, func(o metav1.OwnerReference) bool { return o.Kind == KindDeployment })
	return out
}
