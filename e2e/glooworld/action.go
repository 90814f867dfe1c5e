package glooworld

import "slices"

// action is what a route does with requests.
type action int

const (
	noAction action = iota
	forward
	redirect
	respond
	delegate
)

func (r route) action() action {
	switch {
	case r.DelegateAction != nil:
		return delegate
	case r.DirectResponseAction != nil:
		return respond
	case r.RedirectAction != nil:
		return redirect
	case r.RouteAction != nil:
		return forward
	}
	return noAction
}

// destinations returns where a route in a namespace leads to. An Upstream without a namespace is in the
// route's; one in an UpstreamGroup is in the group's. Gloo 1.2x finds no group that is named without a
// namespace; where there is no group it sends a route without a cluster.
func (w *World) destinations(a *routeAction, namespace string) []Destination {
	switch {
	case a.UpstreamGroup != nil:
		group := w.groups[*a.UpstreamGroup]
		if group == nil {
			return []Destination{{}}
		}
		return w.weighted(group.Spec.Destinations, group.Metadata.Namespace)
	case a.Multi != nil:
		return w.weighted(a.Multi.Destinations, namespace)
	case a.Single != nil:
		return []Destination{a.Single.in(namespace)}
	}
	return nil
}

// weighted returns weighted destinations. Gloo 1.2x stops after the first whose subset the Upstream doesn't
// have, or whose Upstream isn't there though it names a subset. No weight is 0.
func (w *World) weighted(list []weightedDestination, namespace string) (out []Destination) {
	for _, d := range list {
		to := d.Destination.in(namespace)
		to.Weight = new(uint32)
		if d.Weight != nil {
			*to.Weight = *d.Weight
		}
		if out = append(out, to); !w.hasSubset(d.Destination, namespace) {
			break
		}
	}
	return out
}

func (d destination) in(namespace string) Destination {
	out := Destination{Upstream: d.Upstream.or(namespace).String()}
	if d.Subset != nil {
		out.Subset = d.Subset.Values
	}
	return out
}

func (r ref) or(namespace string) ref {
	if r.Namespace == "" {
		r.Namespace = namespace
	}
	return r
}

// hasSubset reports whether an Upstream has subsets by exactly the keys that a destination names.
func (w *World) hasSubset(d destination, namespace string) bool {
	to := w.upstreams[d.Upstream.or(namespace)]
	if d.Subset == nil || len(d.Subset.Values) == 0 {
		return true
	}
	if to == nil || to.Spec.Kube == nil || to.Spec.Kube.SubsetSpec == nil {
		return false
	}
	for _, s := range to.Spec.Kube.SubsetSpec.Selectors {
		other := func(key string) bool { _, named := d.Subset.Values[key]; return !named }
		if len(s.Keys) == len(d.Subset.Values) && !slices.ContainsFunc(s.Keys, other) {
			return true
		}
	}
	return false
}
