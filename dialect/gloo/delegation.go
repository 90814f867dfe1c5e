package gloo

import (
	"reflect"
	"slices"
	"strings"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// delegation is a route that hands requests on to other tables: to one, or to all that a selector picks.
type delegation struct {
	field string
	// to is set for one table, selector for several.
	to       *route.Ref
	selector *RouteTableSelector
	// namespace is that of the object with the route: a selector without namespaces looks there.
	namespace string
	// matchers are those of the route; none means every request.
	matchers []route.Matcher
	// inheritsPath and inherits hold for the routes of the tables below that say nothing.
	inheritsPath, inherits route.Inherit
}

// delegations are those of one object.
type delegations []delegation

// Same implements fact.Parent.
func (d delegations) Same(other fact.Parent) bool {
	o, _ := other.(delegations)
	return reflect.DeepEqual(d, o)
}

// delegationOf reads what Gloo takes: the deprecated name first, then ref, then the selector
// (docs/gloo-api.md, Delegation).
func delegationOf(d *DelegateAction, r *route.Route, field, namespace string) delegation {
	out := delegation{
		field: field, namespace: namespace, matchers: r.Matchers, inheritsPath: r.InheritsPath, inherits: r.Inherits,
	}
	switch {
	case d.Name != "" || d.Namespace != "":
		out.to = &route.Ref{Namespace: d.Namespace, Name: d.Name}
	case d.Ref != nil:
		out.to = &route.Ref{Namespace: d.Ref.Namespace, Name: d.Ref.Name}
	default:
		out.selector = d.Selector
	}
	return out
}

// picks reports whether the delegation leads to a table.
func (d *delegation) picks(t *fact.Table) bool {
	switch {
	case !t.Led:
		return false
	case d.to != nil:
		return *d.to == t.Ref
	}
	return d.selector != nil && d.selector.selects(d.namespace, t.Ref.Namespace, t.Labels)
}

// looksInto reports whether a selector picks tables of a namespace.
func (d *delegation) looksInto(namespace string) bool {
	return d.selector != nil && d.to == nil && d.selector.looksInto(d.namespace, namespace)
}

// admits reports whether a route of a table below may have the matcher. Gloo compares the text of
// paths and drops a route that isn't admitted (docs/gloo-api.md, Delegation).
func (d *delegation) admits(r route.Route, m route.Matcher) bool {
	return slices.ContainsFunc(d.alternatives(), func(p route.Matcher) bool {
		path := r.InheritsPath.Or(d.inheritsPath) == route.Yes ||
			p.CaseInsensitive == m.CaseInsensitive && m.Path.Kind != route.NoPath && strings.HasPrefix(m.Path.Value, prefix(p))
		rest := r.Inherits.Or(d.inherits) == route.Yes ||
			contains(m.Headers, p.Headers) && contains(m.Query, p.Query) && contains(m.Methods, p.Methods)
		return path && rest
	})
}

func (d *delegation) alternatives() []route.Matcher {
	return route.Route{Matchers: d.matchers}.Alternatives()
}

// prefix is what the paths below must begin with; a matcher without a path stands for /.
func prefix(p route.Matcher) string {
	if p.Path.Kind == route.NoPath {
		return "/"
	}
	return p.Path.Value
}

func contains[T comparable](have, want []T) bool {
	return !slices.ContainsFunc(want, func(w T) bool { return !slices.Contains(have, w) })
}
