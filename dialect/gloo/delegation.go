package gloo

import (
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/labels"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// delegation is a route that hands requests on to other tables: to one, or to all that a selector picks.
type delegation struct {
	// index is the route's place in its object.
	index int
	// to is set for one table, selector for several.
	to       *route.Ref
	selector *RouteTableSelector
	// labelled is what the selector asks of labels; nil if it selects nothing.
	labelled labels.Selector
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

// Beyond implements fact.Parent. Where in the object they stand doesn't count; mostly they stand in the same order.
func (d delegations) Beyond(other fact.Parent) fact.Parent {
	o, _ := other.(delegations)
	out, next := delegations{}, 0
	for i := range d {
		same := func(theirs delegation) bool { return d[i].alike(theirs) }
		if next >= len(o) || !same(o[next]) {
			if next = slices.IndexFunc(o, same); next < 0 {
				out = append(out, d[i])
			}
		}
		next++
	}
	return out
}

// alike reports whether both lead to the same tables in the same way.
func (d delegation) alike(o delegation) bool {
	o.index = d.index
	return reflect.DeepEqual(d, o)
}

// Cost implements fact.Parent.
func (d delegations) Cost() (out fact.Cost) {
	var last *RouteTableSelector // which neighbours share
	for i := range d {
		s := d[i].selector
		if s == nil {
			out = out.Add(fact.Cost{Delegations: 1, Bytes: delegationBytes})
			continue
		}
		out = out.Add(fact.Cost{Delegations: max(1, len(s.Namespaces)), Bytes: delegationBytes})
		if s != last {
			out.Bytes += s.bytes()
			last = s
		}
	}
	return out
}

// What is kept of a delegation, and of a text of its selector.
const delegationBytes, selectorText = 250, 100

func (s RouteTableSelector) bytes() (n int) {
	for k, v := range s.Labels {
		n += selectorText + len(k) + len(v)
	}
	for _, namespace := range s.Namespaces {
		n += selectorText + len(namespace)
	}
	for _, e := range s.Expressions {
		n += selectorText + len(e.Key) + len(e.Operator)
		for _, v := range e.Values {
			n += selectorText + len(v)
		}
	}
	return n
}

// delegation reads what Gloo takes: the deprecated name first, then ref, then the selector
// (docs/gloo-api.md, Delegation).
func (r *reader) delegation(d *DelegateAction, read *route.Route, index int) delegation {
	out := delegation{
		index: index, namespace: r.namespace, matchers: read.Matchers,
		inheritsPath: read.InheritsPath, inherits: read.Inherits,
	}
	switch {
	case d.Name != "" || d.Namespace != "":
		out.to = &route.Ref{Namespace: d.Namespace, Name: d.Name}
	case d.Ref != nil:
		out.to = &route.Ref{Namespace: d.Ref.Namespace, Name: d.Ref.Name}
	case d.Selector != nil:
		if r.selector == nil || !reflect.DeepEqual(r.selector, d.Selector) {
			r.selector = d.Selector
			r.labelled, _ = d.Selector.conditions()
		}
		out.selector, out.labelled = r.selector, r.labelled
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
	return d.labelled != nil && d.selector.looksInto(d.namespace, t.Ref.Namespace) &&
		d.labelled.Matches(labels.Set(t.Labels))
}

// looksInto reports whether a selector picks tables of a namespace.
func (d *delegation) looksInto(namespace string) bool {
	return d.selector != nil && d.to == nil && d.selector.looksInto(d.namespace, namespace)
}

// own is the matcher of the route, by itself; false if Gloo can't delegate by it.
func (d *delegation) own() (route.Matcher, bool) {
	if len(d.matchers) > 1 {
		return route.Matcher{}, false
	}
	return leading(route.Route{Matchers: d.matchers}.Alternatives()[0])
}

// leading reads the matcher of a route that delegates. Without a path it is /, and all else that it asks for is
// forgotten; any other path than a prefix is an error (docs/gloo-api.md, Delegation).
func leading(m route.Matcher) (route.Matcher, bool) {
	if m.Path.Kind == route.NoPath {
		return route.Matcher{Path: route.Path{Kind: route.Prefix, Value: "/"}}, true
	}
	return m, m.Path.Kind == route.Prefix && m.Path.Value != ""
}
