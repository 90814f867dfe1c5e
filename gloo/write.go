package gloo

import (
	"aviary.dev/convention"
	"aviary.dev/route"
)

// WriteUpstream gives the spec of a planned Upstream in the app's namespace.
func WriteUpstream(namespace string, u convention.Upstream) UpstreamSpec {
	k := &KubeUpstream{Selector: u.Selector, ServiceName: u.Service, ServiceNamespace: namespace, ServicePort: u.Port}
	if len(u.SubsetKeys) > 0 {
		k.SubsetSpec = &SubsetSpec{Selectors: []SubsetSelector{{Keys: u.SubsetKeys}}}
	}
	return UpstreamSpec{Kube: k}
}

// WriteRoutes gives the spec of a RouteTable with these routes.
func WriteRoutes(routes []route.Route) RouteTableSpec {
	var spec RouteTableSpec
	for _, r := range routes {
		out := Route{RouteAction: &RouteAction{}}
		for _, m := range r.Matchers {
			out.Matchers = append(out.Matchers, writeMatcher(m))
		}
		if r.Weighted {
			out.RouteAction.Multi = &Multi{}
			for _, d := range r.Destinations {
				out.RouteAction.Multi.Destinations = append(out.RouteAction.Multi.Destinations,
					WeightedDestination{Destination: writeDestination(d), Weight: d.Weight})
			}
		} else {
			out.RouteAction.Single = writeDestination(r.Destinations[0])
		}
		if r.Shadow.Name != "" {
			out.Options = &RouteOptions{Shadowing: &Shadowing{
				Upstream: &Ref{Name: r.Shadow.Name, Namespace: r.Shadow.Namespace}, Percentage: 100,
			}}
		}
		spec.Routes = append(spec.Routes, out)
	}
	return spec
}

func writeDestination(d route.Destination) *Destination {
	out := &Destination{Upstream: &Ref{Name: d.Upstream.Name, Namespace: d.Upstream.Namespace}}
	if d.Subset != nil {
		out.Subset = &Subset{Values: d.Subset}
	}
	return out
}

func writeMatcher(m route.Matcher) Matcher {
	var out Matcher
	switch m.Path.Kind {
	case route.Exact:
		out.Exact = &m.Path.Value
	case route.Regex:
		out.Regex = &m.Path.Value
	default:
		out.Prefix = &m.Path.Value
	}
	for _, h := range m.Headers {
		out.Headers = append(out.Headers, HeaderMatch{Name: h.Name, Value: h.Value})
	}
	return out
}
