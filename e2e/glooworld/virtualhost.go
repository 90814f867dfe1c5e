package glooworld

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// hostOf returns what Gloo makes of a VirtualService. Gloo 1.2x: one without a virtualHost is one without
// routes, for all domains.
func (w *World) hostOf(v *virtualService, all *found) VirtualHost {
	h := VirtualHost{VirtualService: v.Metadata.ref().String(), Domains: []string{"*"}}
	if v.Spec.VirtualHost == nil {
		return h
	}
	if domains := v.Spec.VirtualHost.Domains; len(domains) > 0 {
		h.Domains = domains
	}
	walk := walk{World: w, found: all, faults: map[string]bool{}}
	flat := walk.routes(v.Metadata, v.Spec.VirtualHost.Routes, nil, nil)
	if slices.ContainsFunc(flat, hasBrokenRegex) {
		walk.faults["regex"] = true
	}
	h.Faults = slices.Sorted(maps.Keys(walk.faults))
	for _, r := range flat {
		for i, m := range orEverything(r.Matchers) {
			to := w.envoyRoute(r, i, m)
			h.Routes = append(h.Routes, to)
			h.refusals = slices.Concat(h.refusals, matchRefusals(m), actionRefusals(to.Source, r.route))
		}
	}
	return h
}

func orEverything(matchers []Matcher) []Matcher {
	if len(matchers) == 0 {
		return []Matcher{everything()}
	}
	return matchers
}

// envoyRoute returns Envoy's route for a matcher.
func (w *World) envoyRoute(r flatRoute, index int, m Matcher) EnvoyRoute {
	s := Source{Route: r.index, Matcher: index}
	if r.inTable {
		s.Table = r.in.ref().String()
	} else {
		s.VirtualService = r.in.ref().String()
	}
	switch r.action() {
	case redirect:
		s.Action = "redirect"
	case respond:
		s.Action = "directResponse:" + strconv.Itoa(int(r.DirectResponseAction.Status))
	default:
		s.Destinations = w.destinations(r.RouteAction, r.in.Namespace)
	}
	return EnvoyRoute{s, m}
}

// hasBrokenRegex reports whether Gloo's own check of regular expressions fails: it is one of paths and of the
// option regexRewrite.
func hasBrokenRegex(r flatRoute) bool {
	broken := func(m Matcher) bool {
		kind, text := m.path()
		return kind == regexPath && !compiles(text)
	}
	rewrite := r.Options != nil && r.Options.RegexRewrite != nil
	return slices.ContainsFunc(r.Matchers, broken) || rewrite && !compiles(r.Options.RegexRewrite.Pattern.Regex)
}

func compiles(pattern string) bool {
	_, err := regexp.Compile(pattern)
	return err == nil
}
