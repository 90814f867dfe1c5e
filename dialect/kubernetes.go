package dialect

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/fact"
)

// own are Kubernetes' own kinds, and Argo's workload. Namespaces come first and Services before workloads, as a cluster
// is best read.
func (k *Kinds) own(asked []string) []Kind {
	core := func(kind schema.GroupKind, resource string, role Role) Kind {
		return Kind{GroupVersionKind: kind.WithVersion("v1"), Resource: resource, Role: role, Noun: kind.Kind}
	}
	namespace := core(fact.NamespaceKind, "namespaces", Namespace)
	namespace.New, namespace.NewList = as[corev1.Namespace], asList[corev1.NamespaceList]
	namespace.Fact = func(o Object) fact.Fact { return fact.ReadNamespace(o.(*corev1.Namespace)) }

	service := core(fact.ServiceKind, "services", Service)
	service.Written = true
	service.New, service.NewList = as[corev1.Service], asList[corev1.ServiceList]
	service.Fact = func(o Object) fact.Fact { return fact.ReadService(o.(*corev1.Service), asked) }

	deployment := core(fact.DeploymentKind, "deployments", Workload)
	deployment.New, deployment.NewList = as[convention.Deployment], asList[convention.DeploymentList]
	deployment.Fact = func(o Object) fact.Fact { return k.workload(fact.DeploymentKind, o.(*convention.Deployment)) }

	statefulSet := core(fact.StatefulSetKind, "statefulsets", Workload)
	statefulSet.New, statefulSet.NewList = as[statefulSetObject], asList[statefulSetList]
	statefulSet.Fact = func(o Object) fact.Fact {
		return k.workload(fact.StatefulSetKind, &o.(*statefulSetObject).Deployment)
	}

	daemonSet := core(fact.DaemonSetKind, "daemonsets", Workload)
	daemonSet.New, daemonSet.NewList = as[daemonSetObject], asList[daemonSetList]
	daemonSet.Fact = func(o Object) fact.Fact {
		return k.workload(fact.DaemonSetKind, &o.(*daemonSetObject).Deployment)
	}
	return []Kind{namespace, service, deployment, statefulSet, daemonSet, k.rollout()}
}

func (k *Kinds) workload(kind schema.GroupKind, d *convention.Deployment) *fact.Workload {
	w := fact.ReadWorkload(kind, d, k.keys)
	w.Findings = append(w.Findings, convention.CheckUse(w.Version, d.Annotations, k.uses)...)
	return w
}

func as[T any, O interface {
	*T
	Object
}]() Object {
	return O(new(T))
}

func asList[T any, L interface {
	*T
	ObjectList
}]() ObjectList {
	return L(new(T))
}

// The other workloads have a Deployment's shape, as far as it is read.
type (
	statefulSetObject struct{ convention.Deployment }
	daemonSetObject   struct{ convention.Deployment }
	statefulSetList   struct{ Objects[statefulSetObject] }
	daemonSetList     struct{ Objects[daemonSetObject] }
)

func (s *statefulSetObject) DeepCopyObject() runtime.Object { out := *s; return &out }
func (s *daemonSetObject) DeepCopyObject() runtime.Object   { out := *s; return &out }
func (l *statefulSetList) DeepCopyObject() runtime.Object   { out := *l; return &out }
func (l *daemonSetList) DeepCopyObject() runtime.Object     { out := *l; return &out }

// Objects is a list of objects of one kind.
type Objects[T any] struct {
	metav1.TypeMeta
	metav1.ListMeta `json:"metadata"`
	Items           []T `json:"items"`
}
