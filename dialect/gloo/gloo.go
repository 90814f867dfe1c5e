package gloo

import (
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Dialect is Gloo's, see [dialect.Dialect].
type Dialect struct{}

var _ dialect.Dialect = Dialect{}

// Name implements dialect.Dialect.
func (Dialect) Name() string { return "gloo" }

// Annotations implements dialect.Dialect.
func (Dialect) Annotations() []string { return []string{annotationUpstreamConfig} }

// Semantics implements dialect.Dialect.
func (Dialect) Semantics() route.Semantics { return semantics{} }

// semantics are Envoy's own; what Gloo adds is that it drops a route that has a matcher without a
// path, and cuts a weighted list (docs/gloo-api.md, Upstreams and subsets).
type semantics struct{ route.AsWritten }

// NeedsPath implements route.Semantics.
func (semantics) NeedsPath() bool { return true }

// Cuts implements route.Semantics.
func (semantics) Cuts() bool { return true }

// delegates is the field by which a route hands requests on.
const delegates = "delegateAction"

// Kinds implements dialect.Dialect.
func (Dialect) Kinds() []dialect.Kind {
	return []dialect.Kind{
		{
			GroupVersionKind: UpstreamKind, Resource: "upstreams", Role: dialect.Backend, Written: true, Noun: "upstream",
			New:     func() dialect.Object { return &Upstream{} },
			NewList: func() dialect.ObjectList { return &UpstreamList{} },
			Fact:    func(o dialect.Object) fact.Fact { return readUpstream(o.(*Upstream)) },
		},
		{
			GroupVersionKind: UpstreamGroupKind, Resource: "upstreamgroups", Role: dialect.List, Noun: UpstreamGroupKind.Kind,
			New:     func() dialect.Object { return &UpstreamGroup{} },
			NewList: func() dialect.ObjectList { return &UpstreamGroupList{} },
			Fact:    func(o dialect.Object) fact.Fact { return readUpstreamGroup(o.(*UpstreamGroup)) },
		},
		{
			GroupVersionKind: RouteTableKind, Resource: "routetables", Role: dialect.Table, Noun: RouteTableKind.Kind,
			Written: true, Leads: delegates,
			New:     func() dialect.Object { return &RouteTable{} },
			NewList: func() dialect.ObjectList { return &RouteTableList{} },
			Fact:    func(o dialect.Object) fact.Fact { return readRouteTable(o.(*RouteTable)) },
		},
		{
			GroupVersionKind: VirtualServiceKind, Resource: "virtualservices", Role: dialect.Root, Noun: VirtualServiceKind.Kind,
			Leads:   delegates,
			New:     func() dialect.Object { return &VirtualService{} },
			NewList: func() dialect.ObjectList { return &VirtualServiceList{} },
			Fact:    func(o dialect.Object) fact.Fact { return readVirtualService(o.(*VirtualService)) },
		},
	}
}
