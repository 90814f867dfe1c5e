package glooworld

import "slices"

// freeze adds a fault for which Gloo holds a VirtualService back.
func (d *draft) freeze() {
	switch d.IntN(6) {
	case 0:
		d.add(func(t *routeTable, r *route) {
			self := t.Metadata.ref()
			r.DelegateAction = &delegateAction{Ref: &self}
		})
	case 1:
		d.conflict()
	case 2: // One without a virtualHost is for all domains.
		d.services[0].Spec.VirtualHost.Domains = nil
		d.services = append(d.services, &virtualService{object: head("gateway.solo.io", "VirtualService", "b", "empty")})
	case 3:
		d.add(func(t *routeTable, r *route) {
			to := t.Metadata.ref()
			r.DelegateAction = &delegateAction{Ref: &to}
			if exact := *r.Matchers[0].Prefix; d.chance(50) {
				r.Matchers[0].Prefix, r.Matchers[0].Exact = nil, &exact
			} else {
				r.Matchers = append(r.Matchers, r.Matchers[0])
			}
		})
	case 4:
		d.add(func(*routeTable, *route) {})
	case 5:
		d.add(func(t *routeTable, r *route) {
			pattern := *r.Matchers[0].Prefix + pick(d, "(?=b)", "[", "{2,1}", "(")
			r.RouteAction, r.Matchers[0].Prefix, r.Matchers[0].Regex = d.single(t.Metadata.Namespace), nil, &pattern
		})
	}
}

// conflict lets a domain be there twice, or be empty.
func (d *draft) conflict() {
	host := pick(d, d.services...).Spec.VirtualHost
	domain := "*"
	if len(host.Domains) > 0 {
		domain = host.Domains[0]
	}
	switch d.IntN(3) {
	case 0:
		host.Domains = []string{domain, domain}
	case 1:
		host.Domains = []string{domain, ""}
	default:
		mine := newService("mine", []string{domain})
		mine.Metadata.Namespace = "a"
		mine.Spec.VirtualHost.Routes = []route{{Matchers: []Matcher{everything()}, RouteAction: d.single("a")}}
		d.services = append(d.services, mine)
	}
}

// spoil adds something that makes Envoy refuse the configuration.
func (d *draft) spoil() {
	if d.chance(10) {
		d.pathless()
		return
	}
	d.add(func(t *routeTable, r *route) {
		r.RouteAction = d.single(t.Metadata.Namespace)
		if d.chance(45) {
			d.spoilMatcher(&r.Matchers[0])
		} else {
			d.spoilAction(t.Metadata.Namespace, r)
		}
	})
}

func (d *draft) spoilMatcher(m *Matcher) {
	pattern := pick(d, "(", "[a", "a**", "(?=x)")
	switch d.IntN(4) {
	case 0:
		m.Headers = append(slices.Clone(m.Headers), HeaderMatcher{Name: "x-bad", Value: pattern, Regex: true})
	case 1:
		m.Headers = append(slices.Clone(m.Headers), HeaderMatcher{Value: "x"})
	case 2:
		m.QueryParameters = append(slices.Clone(m.QueryParameters), QueryParameter{"bad", pattern, true})
	case 3:
		m.Methods = append(slices.Clone(m.Methods), "GET(")
	}
}

func (d *draft) spoilAction(namespace string, r *route) {
	switch d.IntN(5) {
	case 0:
		rewrite := &regexRewrite{Substitution: "x"}
		rewrite.Pattern.Regex = pick(d, "(", "[a", "a**", "(?=x)")
		r.RouteAction, r.RedirectAction = nil, &redirectAction{RegexRewrite: rewrite}
	case 1:
		r.RouteAction = &routeAction{Multi: &multi{[]weightedDestination{}}}
	case 2:
		none := weightedDestination{Destination: destination{Upstream: d.upstream(namespace)}}
		r.RouteAction = &routeAction{Multi: &multi{[]weightedDestination{none, none}}}
	case 3:
		r.RouteAction = &routeAction{UpstreamGroup: &ref{"grp", pick(d, "", "gloo-system")}}
	case 4:
		r.RouteAction, r.DirectResponseAction = nil, &directResponse{pick[uint32](d, 0, 99, 600, 700)}
	}
}

// pathless gives a VirtualService a route whose matcher has no path.
func (d *draft) pathless() {
	host := pick(d, d.services...).Spec.VirtualHost
	m := Matcher{Headers: []HeaderMatcher{{Name: "stage", Value: "canary"}}}
	host.Routes = append(host.Routes, route{Matchers: []Matcher{m}, RouteAction: d.single("gloo-system")})
}

// add adds a route to a table, which asks of requests what the table's parent asks.
func (d *draft) add(change func(*routeTable, *route)) {
	t := pick(d, d.tables...)
	r := route{Matchers: []Matcher{d.parents[t]}}
	change(t, &r)
	t.Spec.Routes = append(t.Spec.Routes, r)
}
