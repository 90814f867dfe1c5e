package gloo

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The two API groups, at their only version.
var (
	GatewayGroup = schema.GroupVersion{Group: "gateway.solo.io", Version: "v1"}
	GlooGroup    = schema.GroupVersion{Group: "gloo.solo.io", Version: "v1"}
)

// AddToScheme registers the kinds.
func AddToScheme(s *runtime.Scheme) error {
	s.AddKnownTypes(GatewayGroup, &RouteTable{}, &RouteTableList{}, &VirtualService{}, &VirtualServiceList{})
	s.AddKnownTypes(GlooGroup, &Upstream{}, &UpstreamList{}, &UpstreamGroup{}, &UpstreamGroupList{})
	metav1.AddToGroupVersion(s, GatewayGroup)
	metav1.AddToGroupVersion(s, GlooGroup)
	return nil
}

// List is a list of one kind.
type List[T any] struct {
	metav1.TypeMeta
	metav1.ListMeta `json:"metadata"`
	Items           []T `json:"items"`
}

// RouteTableList is a list of RouteTables.
type RouteTableList struct{ List[RouteTable] }

// VirtualServiceList is a list of VirtualServices.
type VirtualServiceList struct{ List[VirtualService] }

// UpstreamList is a list of Upstreams.
type UpstreamList struct{ List[Upstream] }

// UpstreamGroupList is a list of UpstreamGroups.
type UpstreamGroupList struct{ List[UpstreamGroup] }

// Objects of this package are only read, so their copies may share everything but the struct itself.

// DeepCopyObject makes a RouteTable a runtime.Object.
func (t *RouteTable) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes a VirtualService a runtime.Object.
func (t *VirtualService) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes an Upstream a runtime.Object.
func (t *Upstream) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes an UpstreamGroup a runtime.Object.
func (t *UpstreamGroup) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes the list a runtime.Object.
func (t *RouteTableList) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes the list a runtime.Object.
func (t *VirtualServiceList) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes the list a runtime.Object.
func (t *UpstreamList) DeepCopyObject() runtime.Object { out := *t; return &out }

// DeepCopyObject makes the list a runtime.Object.
func (t *UpstreamGroupList) DeepCopyObject() runtime.Object { out := *t; return &out }
