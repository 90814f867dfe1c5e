package inventory

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/gloo"
)

var appsGroup = schema.GroupVersion{Group: "apps", Version: "v1"}

// The other workloads have a Deployment's shape, as far as it is read.
type (
	statefulSet     struct{ convention.Deployment }
	daemonSet       struct{ convention.Deployment }
	statefulSetList struct{ gloo.List[statefulSet] }
	daemonSetList   struct{ gloo.List[daemonSet] }
)

func (s *statefulSet) DeepCopyObject() runtime.Object     { out := *s; return &out }
func (s *daemonSet) DeepCopyObject() runtime.Object       { out := *s; return &out }
func (l *statefulSetList) DeepCopyObject() runtime.Object { out := *l; return &out }
func (l *daemonSetList) DeepCopyObject() runtime.Object   { out := *l; return &out }

// NewScheme gives the kinds that are read, in Aviary's own small types; core's in the usual ones.
func NewScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	for kind, types := range map[string][2]runtime.Object{
		KindDeployment:  {&convention.Deployment{}, &convention.DeploymentList{}},
		KindStatefulSet: {&statefulSet{}, &statefulSetList{}},
		KindDaemonSet:   {&daemonSet{}, &daemonSetList{}},
	} {
		s.AddKnownTypeWithName(appsGroup.WithKind(kind), types[0])
		s.AddKnownTypeWithName(appsGroup.WithKind(kind+"List"), types[1])
	}
	metav1.AddToGroupVersion(s, appsGroup)
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, gloo.AddToScheme} {
		if err := add(s); err != nil {
			panic(err) // only a programming error can make it fail
		}
	}
	return s
}
