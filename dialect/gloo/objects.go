package gloo

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect"
)

// Gloo's kinds, in its two API groups at their only version.
var (
	RouteTableKind     = schema.GroupVersionKind{Group: "gateway.solo.io", Version: "v1", Kind: "RouteTable"}
	VirtualServiceKind = schema.GroupVersionKind{Group: "gateway.solo.io", Version: "v1", Kind: "VirtualService"}
	UpstreamKind       = schema.GroupVersionKind{Group: "gloo.solo.io", Version: "v1", Kind: "Upstream"}
	UpstreamGroupKind  = schema.GroupVersionKind{Group: "gloo.solo.io", Version: "v1", Kind: "UpstreamGroup"}
)

// RouteTableList is a list of RouteTables.
type RouteTableList struct{ dialect.Objects[RouteTable] }

// VirtualServiceList is a list of VirtualServices.
type VirtualServiceList struct {
	dialect.Objects[VirtualService]
}

// UpstreamList is a list of Upstreams.
type UpstreamList struct{ dialect.Objects[Upstream] }

// UpstreamGroupList is a list of UpstreamGroups.
type UpstreamGroupList struct{ dialect.Objects[UpstreamGroup] }

// Objects of this package are only read, so their copies may share everything but the struct
// itself.

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
