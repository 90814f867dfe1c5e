package gloo

import (
	"encoding/json"

	"aviary.dev/route"
)

func (m *Matcher) read() route.Matcher {
	out := route.Matcher{
		Methods: m.Methods, CaseInsensitive: m.CaseSensitive != nil && !*m.CaseSensitive, CaseStated: m.CaseSensitive != nil,
	}
	switch {
	case m.Prefix != nil:
		out.Path = route.Path{Kind: route.Prefix, Value: *m.Prefix}
	case m.Exact != nil:
		out.Path = route.Path{Kind: route.Exact, Value: *m.Exact}
	case m.Regex != nil:
		out.Path = route.Path{Kind: route.Regex, Value: *m.Regex}
	case m.ConnectMatcher != nil:
		out.Path = route.Path{Kind: route.Connect}
	}
	out.Headers, out.Query = readHeaders(m.Headers), readHeaders(m.QueryParameters)
	return out
}

func readHeaders(list []HeaderMatch) []route.Header {
	var out []route.Header
	for _, h := range list {
		out = append(out, route.Header{Name: h.Name, Value: h.Value, Regex: h.Regex, Invert: h.InvertMatch})
	}
	return out
}

func inherit(b *bool) route.Inherit {
	switch {
	case b == nil:
		return route.Unsaid
	case *b:
		return route.Yes
	}
	return route.No
}

// stated reports whether a field is there; null is as absent.
func stated(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
