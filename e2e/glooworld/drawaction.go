package glooworld

// route returns a route of a table under a parent.
func (d *draft) route(parent Matcher, namespace string) route {
	r := route{}
	for range pick(d, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2) {
		r.Matchers = append(r.Matchers, d.childMatcher(parent))
	}
	d.inheritance(&r, 5)
	n := d.IntN(100)
	switch {
	case n < 7:
		r.RedirectAction = &redirectAction{PathRedirect: "/moved"}
	case n < 14:
		r.DirectResponseAction = &directResponse{pick[uint32](d, 200, 404, 503)}
	case d.group && d.chance(40):
		r.RouteAction = &routeAction{UpstreamGroup: &ref{"grp", "b"}}
	case d.chance(25) || d.versions && d.chance(30):
		r.RouteAction = &routeAction{Multi: &multi{d.split(namespace)}}
	default:
		r.RouteAction = d.single(namespace)
	}
	return r
}

func (d *draft) single(namespace string) *routeAction {
	if d.versions && d.chance(25) {
		return &routeAction{Single: d.version("v2")}
	}
	return &routeAction{Single: &destination{Upstream: d.upstream(namespace)}}
}

// upstream returns the name of an Upstream, mostly with its namespace, and of one that isn't there now and then.
func (d *draft) upstream(namespace string) ref {
	to := ref{pick(d, "web", "back"), namespace}
	if d.chance(25) {
		to.Namespace = ""
	}
	if d.chance(2) {
		to.Name = "nobody"
	}
	return to
}

func (d *draft) version(name string) *destination {
	to := &destination{Upstream: ref{"echo", "a"}}
	if d.chance(10) {
		to.Upstream.Namespace = ""
	}
	if d.chance(90) {
		to.Subset = &subset{map[string]string{"version": name}}
	}
	return to
}

// split returns two or three destinations whose weights have a sum above 0.
func (d *draft) split(namespace string) (out []weightedDestination) {
	versions := d.versions && d.chance(80)
	weights := pick(d, []uint32{90, 10}, []uint32{1, 3}, []uint32{0, 100}, []uint32{100, 0}, []uint32{33, 33, 34})
	for i, weight := range weights {
		to := weightedDestination{Weight: &weight}
		if to.Destination.Upstream = d.upstream(namespace); versions {
			to.Destination = *d.version([]string{"v1", "v2", "v3"}[i])
		}
		if weight == 0 && d.chance(50) {
			to.Weight = nil
		}
		out = append(out, to)
	}
	return out
}
