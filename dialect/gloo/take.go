package gloo

import (
	"fmt"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/route"
)

// take returns the matchers with which Gloo serves a table's route that comes this way, those of its parents among
// them; or why it drops the whole route (docs/gloo-api.md, Delegation).
func (w *way) take(r *route.Route) ([]route.Matcher, *dialect.Drop) {
	path, rest := r.InheritsPath.Or(w.inheritsPath) == route.Yes, r.Inherits.Or(w.inherits) == route.Yes
	matchers := r.Alternatives()
	if path || rest {
		matchers = slices.Clone(matchers)
		for i := range matchers {
			matchers[i] = w.handDown(matchers[i], path, rest)
		}
	}
	for i := range matchers {
		if drop := w.drops(&matchers[i]); drop != nil {
			drop.Matcher, drop.Parent, drop.Field = i, w.from.ID, w.from.Routes[w.index].Field
			return nil, drop
		}
	}
	return matchers, nil
}

// handDown gives a matcher the path, or the other conditions, of the parent's.
func (w *way) handDown(m route.Matcher, path, rest bool) route.Matcher {
	p := &w.matcher
	if path {
		m.Path, m.CaseInsensitive, m.CaseStated = p.Path, p.CaseInsensitive, p.CaseStated
	}
	if rest {
		m.Headers = inherited(p.Headers, m.Headers)
		m.Query = inherited(p.Query, m.Query)
		m.Methods = slices.Concat(p.Methods, m.Methods)
	}
	return m
}

// inherited adds the parent's conditions to a matcher's own, but for those of a name that it has itself.
func inherited(parent, own []route.Header) []route.Header {
	out := slices.Clone(own)
	for _, p := range parent {
		if !slices.ContainsFunc(own, func(h route.Header) bool { return h.Name == p.Name }) {
			out = append(out, p)
		}
	}
	return out
}

// drops says why Gloo drops a route with this matcher; nil if it doesn't. It compares the text of paths.
func (w *way) drops(m *route.Matcher) *dialect.Drop {
	p := &w.matcher
	switch {
	case m.Path.Kind == route.Connect:
		return &dialect.Drop{
			For: dialect.ByPath, Wants: "paths, which CONNECT has not",
			Fix: "move the route into the " + VirtualServiceKind.Kind + " itself",
		}
	case m.Path.Kind == route.NoPath || !strings.HasPrefix(m.Path.Value, p.Path.Value):
		return &dialect.Drop{
			For: dialect.ByPath, Wants: "paths that begin with " + p.Path.Value, Fix: "begin the path with " + p.Path.Value,
		}
	case m.CaseInsensitive != p.CaseInsensitive || m.CaseStated != p.CaseStated:
		said := caseOf(p)
		return &dialect.Drop{For: dialect.ByCase, Wants: "matchers with " + said, Fix: "write it as the parent does: " + said}
	case !repeats(m.Headers, p.Headers):
		return lacks(dialect.ByHeaders, "header", "headers", words(p.Headers))
	case !repeats(m.Query, p.Query):
		return lacks(dialect.ByQuery, "query parameter", "queryParameters", words(p.Query))
	case !contains(m.Methods, p.Methods):
		return lacks(dialect.ByMethods, "method", "methods", p.Methods)
	}
	return nil
}

func lacks(by dialect.DropReason, what, field string, asked []string) *dialect.Drop {
	list := strings.Join(asked, ", ")
	return &dialect.Drop{
		For: by, Wants: fmt.Sprintf("matchers that ask for %s %s, too", what, list),
		Fix: fmt.Sprintf("repeat %s in %s of each matcher, or set inheritableMatchers: true", list, field),
	}
}

func words(list []route.Header) []string {
	var out []string
	for _, h := range list {
		out = append(out, h.String())
	}
	return out
}

// caseOf is what a matcher says of the case of its path, as written: to say nothing is not the same as to say true.
func caseOf(m *route.Matcher) string {
	if !m.CaseStated {
		return "no caseSensitive"
	}
	return fmt.Sprintf("caseSensitive: %t", !m.CaseInsensitive)
}

// repeats reports whether each condition is there again. Of two that a matcher has with one name Gloo sees the last one
// only, so nothing repeats a parent that asks for two different ones.
func repeats(have, want []route.Header) bool {
	for _, w := range want {
		if last(have, w.Name) != w {
			return false
		}
	}
	return true
}

// last returns the last condition of a name; zero if there is none.
func last(list []route.Header, name string) route.Header {
	for _, h := range slices.Backward(list) {
		if h.Name == name {
			return h
		}
	}
	return route.Header{}
}

func contains[T comparable](have, want []T) bool {
	return !slices.ContainsFunc(want, func(w T) bool { return !slices.Contains(have, w) })
}
