package gloo

import (
	"slices"

	"aviary.dev/route"
)

// Kinds that route.
const (
	KindRouteTable     = "RouteTable"
	KindVirtualService = "VirtualService"
	KindUpstreamGroup  = "UpstreamGroup"
	KindUpstream       = "Upstream"
)

// Where the routes of an object stand.
const (
	tableRoutes = "spec.routes"
	hostRoutes  = "spec.virtualHost.routes"
)

// Table gives the normal form of a RouteTable.
func (t *RouteTable) Table() route.Table {
	out := read(KindRouteTable, t.Namespace, t.Name, tableRoutes, t.Spec.Routes)
	if t.Spec.Weight != nil {
		out.Order = *t.Spec.Weight
	}
	return out
}

// Table gives the normal form of a VirtualService.
func (t *VirtualService) Table() route.Table {
	var routes []Route
	if t.Spec.VirtualHost != nil {
		routes = t.Spec.VirtualHost.Routes
	}
	return read(KindVirtualService, t.Namespace, t.Name, hostRoutes, routes)
}

// Table gives the normal form of an UpstreamGroup: one weighted route. Its refs have no default namespace (gloo-api §8).
func (t *UpstreamGroup) Table() route.Table {
	r := route.Route{Field: "spec", Weighted: true, DestinationsField: "spec.destinations"}
	at := place{multi: r.DestinationsField}
	r.Destinations = at.weighted(nil, "", t.Spec.Destinations)
	return route.Table{
		Kind: KindUpstreamGroup, Ref: route.Ref{Namespace: t.Namespace, Name: t.Name}, Routes: []route.Route{r},
		Choices: at.choose(nil, t.Spec.Destinations),
	}
}

func read(kind, namespace, name, field string, routes []Route) route.Table {
	t := route.Table{Kind: kind, Ref: route.Ref{Namespace: namespace, Name: name}, Routes: make([]route.Route, 0, len(routes))}
	for i := range routes {
		at := placeOf(field, i)
		r := routes[i].read(&at, namespace)
		t.Routes = append(t.Routes, r)
		if d := routes[i].DelegateAction; d != nil {
			delegate := d.read(at.route+".delegateAction", namespace)
			delegate.Matchers, delegate.InheritsPath, delegate.Inherits = r.Matchers, r.InheritsPath, r.Inherits
			t.Delegates = append(t.Delegates, delegate)
		}
		t.Choices = routes[i].choose(t.Choices, &at)
	}
	return t
}

func (r *Route) read(at *place, namespace string) route.Route {
	out := route.Route{
		Field: at.route, Name: r.Name, Delegates: r.DelegateAction != nil, Action: r.action(),
		InheritsPath: inherit(r.InheritablePathMatchers), Inherits: inherit(r.InheritableMatchers),
	}
	if len(r.Matchers) > 0 {
		out.Matchers = make([]route.Matcher, len(r.Matchers))
	}
	for i := range r.Matchers {
		out.Matchers[i] = r.Matchers[i].read()
	}
	if o := r.Options; o != nil && o.Shadowing != nil && o.Shadowing.Upstream != nil {
		out.Shadow = route.Ref{Namespace: o.Shadowing.Upstream.Namespace, Name: o.Shadowing.Upstream.Name}
	}
	a := r.RouteAction
	if a == nil {
		return out
	}
	if a.Single != nil {
		out.Destinations = append(out.Destinations, a.Single.read(at.single, namespace))
	}
	if a.Multi != nil {
		out.Weighted, out.DestinationsField = true, at.multi
		out.Destinations = at.weighted(out.Destinations, namespace, a.Multi.Destinations)
	}
	if g := a.UpstreamGroup; g != nil {
		out.Group = &route.Ref{Namespace: g.Namespace, Name: g.Name}
	}
	return out
}

// action gives what is no destination, as written.
func (r *Route) action() string {
	switch {
	case stated(r.RedirectAction):
		return "redirectAction: " + string(r.RedirectAction)
	case stated(r.DirectResponseAction):
		return "directResponseAction: " + string(r.DirectResponseAction)
	case r.RouteAction != nil && r.RouteAction.ClusterHeader != "":
		return "clusterHeader: " + r.RouteAction.ClusterHeader
	case r.RouteAction != nil && stated(r.RouteAction.DynamicForwardProxy):
		return "dynamicForwardProxy: " + string(r.RouteAction.DynamicForwardProxy)
	}
	return ""
}

func inherit(b *bool) route.Inherit {
	switch {
	case b == nil:
		return route.Unsaid
	case *b:
		return route.Yes
	}
	return route.No
}

func (p *place) weighted(out []route.Destination, namespace string, list []WeightedDestination) []route.Destination {
	out = slices.Grow(out, len(list))
	for i := range list {
		d := route.Destination{}
		if list[i].Destination != nil {
			d = list[i].Destination.read(p.destination(i), namespace)
		} else {
			d.Field = item(p.multi, i)
		}
		d.Weight = list[i].Weight
		out = append(out, d)
	}
	return out
}

// read fills in the namespace of the object that holds the destination, as Gloo does (gloo-api §8).
func (d *Destination) read(field, namespace string) route.Destination {
	out := route.Destination{Field: field}
	if d.Upstream != nil {
		out.Upstream = route.Ref{Namespace: d.Upstream.Namespace, Name: d.Upstream.Name}
		if out.Upstream.Namespace == "" {
			out.Upstream.Namespace = namespace
		}
	}
	if d.Subset != nil {
		out.Subset = d.Subset.Values
	}
	out.Other = d.other()
	return out
}

func (m *Matcher) read() route.Matcher {
	out := route.Matcher{Methods: m.Methods, CaseInsensitive: m.CaseSensitive != nil && !*m.CaseSensitive}
	switch {
	case m.Prefix != nil:
		out.Path = route.Path{Kind: route.Prefix, Value: *m.Prefix}
	case m.Exact != nil:
		out.Path = route.Path{Kind: route.Exact, Value: *m.Exact}
	case m.Regex != nil:
		out.Path = route.Path{Kind: route.Regex, Value: *m.Regex}
	case m.ConnectMatcher != nil:
		out.Path = route.Path{Kind: route.Connect}
	}
	out.Headers, out.Query = readHeaders(m.Headers), readHeaders(m.QueryParameters)
	return out
}

func readHeaders(list []HeaderMatch) []route.Header {
	var out []route.Header
	for _, h := range list {
		out = append(out, route.Header{Name: h.Name, Value: h.Value, Regex: h.Regex, Invert: h.InvertMatch})
	}
	return out
}

// Subsets gives the upstream's sets of subset keys; nil if it has none.
func (u *Upstream) Subsets() [][]string {
	if u.Spec.Kube == nil || u.Spec.Kube.SubsetSpec == nil {
		return nil
	}
	var out [][]string
	for _, s := range u.Spec.Kube.SubsetSpec.Selectors {
		out = append(out, s.Keys)
	}
	return out
}
