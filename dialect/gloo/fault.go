package gloo

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// faults are those of one object (docs/gloo-api.md, What one fault does to others).
type faults struct {
	list    []fact.Fault
	regexes regexes
	// root: its routes are served as they stand; those of a table come under a parent's.
	root bool
}

func (f *faults) add(kind fact.FaultKind, reach fact.Reach, field, value, why string) {
	if len(f.list) < fact.MaxFaults {
		f.list = append(f.list, fact.Fault{
			Kind: kind, Reach: reach, Field: field, Value: fact.Clip(value), Why: fact.Clip(why),
		})
	}
}

// inPath marks the faults from the n-th on.
func (f *faults) inPath(n int) {
	for i := n; i < len(f.list); i++ {
		f.list[i].Path = true
	}
}

// route looks through a route, in both forms.
func (f *faults) route(in *Route, read *route.Route, at *fields) {
	if in.DelegateAction != nil {
		f.delegation(read)
	} else {
		f.matchers(read)
	}
	if a := in.RouteAction; a != nil {
		if a.Multi != nil {
			f.weights(at.multi, read.Destinations)
		}
		if a.UpstreamGroup != nil && a.UpstreamGroup.Namespace == "" {
			f.add(fact.NoNamespace, fact.ReachAll, at.route+".routeAction.upstreamGroup", a.UpstreamGroup.Name, "")
		}
	}
	if stated(in.DirectResponseAction) {
		f.response(in.DirectResponseAction, at.route+".directResponseAction")
	}
	if stated(in.RedirectAction) {
		f.redirect(in.RedirectAction, at.route)
	}
	if in.Options != nil {
		regexes := optionRegexes
		if stated(in.DirectResponseAction) || stated(in.RedirectAction) {
			regexes = answerRegexes
		}
		f.options(in.Options, regexes, at.route)
		f.mirror(in, at.route)
	}
}

// matchers looks through those of a route that is read or planned.
func (f *faults) matchers(r *route.Route) {
	for i := range r.Matchers {
		n := len(f.list)
		f.path(r, i)
		f.inPath(n)
		f.conditions(r, i)
	}
}

func (f *faults) path(r *route.Route, i int) {
	switch m := &r.Matchers[i]; m.Path.Kind {
	case route.Prefix, route.Exact:
		if why := badPath(m.Path.Value); why != "" {
			f.add(fact.BadPath, fact.ReachChecked, matcherAt(r, i)+"."+pathField(m), m.Path.Value, why)
		}
	case route.Regex:
		f.regex(m.Path.Value, fact.ReachRoot, func() string { return matcherAt(r, i) + ".regex" })
	case route.NoPath:
		if f.root {
			f.add(fact.NoPath, fact.ReachAll, matcherAt(r, i), "", "")
		}
	case route.Connect:
	}
}

// conditions looks through all of a matcher but its path.
func (f *faults) conditions(r *route.Route, i int) {
	m := &r.Matchers[i]
	f.named(m.Headers, func(k int) string { return item(matcherAt(r, i)+".headers", k) })
	f.named(m.Query, func(k int) string { return item(matcherAt(r, i)+".queryParameters", k) })
	if len(m.Methods) > 0 {
		f.regex(joined(m.Methods), fact.ReachAll, func() string { return matcherAt(r, i) + ".methods" })
	}
}

// joined is the expression that Gloo makes of methods.
func joined(methods []string) string {
	if len(methods) == 1 {
		return methods[0]
	}
	for _, m := range methods {
		if !route.Plain(m) {
			return strings.Join(methods, "|")
		}
	}
	return "GET" // plain ones make an expression that can be read
}

func matcherAt(r *route.Route, i int) string { return item(r.Field+".matchers", i) }

func pathField(m *route.Matcher) string {
	if m.Path.Kind == route.Exact {
		return "exact"
	}
	return "prefix"
}

func (f *faults) named(list []route.Header, at func(int) string) {
	for k, h := range list {
		if h.Name == "" || strings.ContainsAny(h.Name, "\x00\r\n") {
			f.add(fact.BadName, fact.ReachAll, at(k)+".name", h.Name, "")
		}
		if h.Regex && h.Value != "" {
			f.regex(h.Value, fact.ReachAll, func() string { return at(k) + ".value" })
		}
	}
}

// delegation looks at the matcher of a route that hands on requests. One without a path stands for /. Its conditions
// come to Envoy only where the routes below take them.
func (f *faults) delegation(r *route.Route) {
	switch {
	case len(r.Matchers) > 1:
		f.add(fact.ManyMatchers, fact.ReachRoot, r.Field+".matchers", strconv.Itoa(len(r.Matchers)), "")
	case len(r.Matchers) == 1:
		path := r.Matchers[0].Path
		if path.Kind != route.NoPath && (path.Kind != route.Prefix || path.Value == "") {
			n := len(f.list)
			f.add(fact.NoPrefix, fact.ReachRoot, matcherAt(r, 0), path.Value, "")
			f.inPath(n)
		}
		if r.Inherits == route.Yes {
			f.conditions(r, 0)
		}
	}
}

// weights looks at a weighted list. Their sum wraps around (docs/gloo-api.md, Weights).
func (f *faults) weights(field string, list []route.Destination) {
	if len(list) == 0 {
		f.add(fact.EmptyList, fact.ReachAll, field, "", "")
		return
	}
	total := int64(0)
	for i := range list {
		total += list[i].Weight.Value
	}
	if total&math.MaxUint32 == 0 {
		f.add(fact.NoWeight, fact.ReachAll, field, "", "")
	}
}

// planned looks through the routes of a table that Aviary would write.
func planned(routes []route.Route) []fact.Fault {
	f := faults{}
	for i := range routes {
		f.matchers(&routes[i])
		if routes[i].Weighted {
			f.weights(routes[i].DestinationsField, routes[i].Destinations)
		}
	}
	return f.list
}

// maxBody is the size of a direct response's body in bytes that Envoy takes, where nobody set another one.
const maxBody = 4096

func (f *faults) response(raw json.RawMessage, field string) {
	var response struct {
		Status uint32 `json:"status"`
		Body   string `json:"body"`
	}
	if json.Unmarshal(raw, &response) != nil {
		return
	}
	if response.Status < 200 || response.Status > 599 {
		f.add(fact.BadStatus, fact.ReachAll, field+".status", strconv.FormatUint(uint64(response.Status), 10), "")
	}
	if n := len(response.Body); n > maxBody {
		f.add(fact.LargeBody, fact.ReachAll, field+".body", strconv.Itoa(n), "")
	}
}
