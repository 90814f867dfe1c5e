package glooworld

import "slices"

// flatRoute is a route of Gloo's, with what it inherited, where it stands after delegation.
type flatRoute struct {
	route
	place
}

// place is where a route is written.
type place struct {
	in      metadata
	inTable bool
	index   int
}

// walk flattens the routes of one VirtualService.
type walk struct {
	*World
	*found
	faults map[string]bool // Kinds of faults that freeze the VirtualService.
}

// found collects what comes up in the walks of all VirtualServices.
type found struct {
	reached map[ref]bool
	drops   []Drop
	served  map[string]bool // Routes that a parent took.
}

// routes returns the routes of an object in Gloo's order. Chain names the tables that lead here, and the
// object itself if it is a table; parent is nil for a VirtualService.
func (w *walk) routes(in metadata, written []route, parent *parentRoute, chain []ref) (out []flatRoute) {
	for i, r := range written {
		at := place{in, parent != nil, i}
		if parent != nil {
			r = parent.inherit(r)
			if why := parent.refuses(r.Matchers); why != "" {
				w.drops = append(w.drops, Drop{Route: at.String(), Parent: parent.at.String(), For: why})
				continue
			}
			w.served[at.String()] = true
		}
		switch r.action() {
		case noAction:
			w.faults["noaction"] = true
		case delegate:
			out = append(out, w.delegated(r, at, chain)...)
		default:
			out = append(out, flatRoute{r, at})
		}
	}
	return out
}

// delegated returns the routes of the tables that a route leads to. Gloo 1.2x: groups of tables of one weight
// follow each other, lower weights first, and only the routes of a group of several tables are sorted.
func (w *walk) delegated(r route, at place, chain []ref) (out []flatRoute) {
	matcher, ok := delegateMatcher(r.Matchers)
	if !ok {
		w.faults["delegate"] = true
		return nil
	}
	parent := &parentRoute{
		at: at, matcher: matcher, inherits: r.InheritableMatchers, inheritsPath: r.InheritablePathMatchers,
	}
	for _, group := range byWeight(w.delegates(r.DelegateAction, at.in.Namespace)) {
		var routes []flatRoute
		for _, t := range group {
			routes = append(routes, w.enter(t, parent, chain)...)
		}
		if len(group) > 1 {
			slices.SortStableFunc(routes, compareRoutes)
		}
		out = append(out, routes...)
	}
	return out
}

// enter returns the routes of a table, none if it led here itself.
func (w *walk) enter(t *routeTable, parent *parentRoute, chain []ref) []flatRoute {
	name := t.Metadata.ref()
	if slices.Contains(chain, name) {
		w.faults["cycle"] = true
		return nil
	}
	w.reached[name] = true
	return w.routes(t.Metadata, t.Spec.Routes, parent, append(slices.Clone(chain), name))
}

// delegateMatcher returns what a delegating route asks of requests, and whether Gloo 1.2x takes it: it must
// be one prefix. Without a path it is "/", and the other conditions are lost.
func delegateMatcher(matchers []Matcher) (Matcher, bool) {
	switch len(matchers) {
	case 0:
		return everything(), true
	case 1:
		kind, text := matchers[0].path()
		if kind == noPath {
			return everything(), true
		}
		return matchers[0], kind == prefixPath && text != ""
	}
	return Matcher{}, false
}
