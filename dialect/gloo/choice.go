package gloo

import "aviary.dev/route"

// maxChoices bounds what is kept of an object that is wrong all over.
const maxChoices = 100

// choose adds the places of the route where not exactly one alternative is set. The CRD asks for
// none of it, and of two Gloo takes the later one without a word (docs/gloo-api.md, Alternatives).
func (r *Route) choose(list []route.Choice, at *fields) []route.Choice {
	var actions alternatives
	if a := r.RouteAction; a != nil {
		actions.add("routeAction.single", a.Single != nil)
		actions.add("routeAction.multi", a.Multi != nil)
		actions.add("routeAction.upstreamGroup", a.UpstreamGroup != nil)
		actions.add("routeAction.clusterHeader", a.ClusterHeader != "")
		actions.add("routeAction.dynamicForwardProxy", stated(a.DynamicForwardProxy))
	}
	actions.add("redirectAction", stated(r.RedirectAction))
	actions.add("directResponseAction", stated(r.DirectResponseAction))
	actions.add("delegateAction", r.DelegateAction != nil)
	list = actions.choice(list, at.route, route.Actions)
	for i := range r.Matchers {
		list = r.Matchers[i].choose(list, at.route, i)
	}
	if a := r.RouteAction; a != nil {
		if kinds := a.Single.kinds(); a.Single != nil && kinds.n != 1 {
			list = kinds.choice(list, at.single, route.DestinationKinds)
		}
		if a.Multi != nil {
			list = at.choose(list, a.Multi.Destinations)
		}
	}
	return list
}

// choose adds a matcher with two paths. One without is left to what judges whether it can be reached.
func (m *Matcher) choose(list []route.Choice, field string, i int) []route.Choice {
	var paths alternatives
	paths.add("prefix", m.Prefix != nil)
	paths.add("exact", m.Exact != nil)
	paths.add("regex", m.Regex != nil)
	paths.add("connectMatcher", m.ConnectMatcher != nil)
	if paths.n < 2 {
		return list
	}
	return paths.choice(list, item(field+".matchers", i), route.Paths)
}

func (p *fields) choose(list []route.Choice, all []WeightedDestination) []route.Choice {
	for i := range all {
		if kinds := all[i].Destination.kinds(); kinds.n != 1 {
			list = kinds.choice(list, p.destination(i), route.DestinationKinds)
		}
	}
	return list
}

func (d *Destination) kinds() (kinds alternatives) {
	if d == nil {
		return kinds
	}
	kinds.add("upstream", d.Upstream != nil)
	kinds.add("kube", stated(d.Kube))
	kinds.add("consul", stated(d.Consul))
	return kinds
}

// choose tells an upstream of two types.
func (s *UpstreamSpec) choose() []route.Choice {
	var types alternatives
	types.add("kube", s.Kube != nil)
	types.add("static", stated(s.Static))
	types.add("pipe", stated(s.Pipe))
	types.add("aws", stated(s.AWS))
	types.add("azure", stated(s.Azure))
	types.add("consul", stated(s.Consul))
	types.add("awsEc2", stated(s.AWSEC2))
	types.add("gcp", stated(s.GCP))
	types.add("ai", stated(s.AI))
	if types.n < 2 {
		return nil
	}
	return types.choice(nil, "spec", route.BackendTypes)
}

// alternatives are those that are set.
type alternatives struct {
	n   int
	set [9]string
}

func (a *alternatives) add(name string, set bool) {
	if set {
		a.set[a.n] = name
		a.n++
	}
}

func (a *alternatives) choice(list []route.Choice, field string, of route.Alternatives) []route.Choice {
	if a.n == 1 || len(list) >= maxChoices {
		return list
	}
	return append(list, route.Choice{Field: field, Of: of, Set: append([]string(nil), a.set[:a.n]...)})
}
