package glooworld

import (
	"slices"
	"strings"
)

// parentRoute is a delegating route, seen from a table.
type parentRoute struct {
	at                     place
	matcher                Matcher
	inherits, inheritsPath *bool
}

// inherit returns a route with what it takes from its parent. Gloo 1.2x: a route that doesn't say whether it
// inherits does as its parent; without matchers it gets the parent's, and "/" where it doesn't inherit.
func (p *parentRoute) inherit(r route) route {
	r.InheritableMatchers = or(r.InheritableMatchers, p.inherits)
	r.InheritablePathMatchers = or(r.InheritablePathMatchers, p.inheritsPath)
	path, conditions := isTrue(r.InheritablePathMatchers), isTrue(r.InheritableMatchers)
	matchers := slices.Clone(r.Matchers)
	if len(matchers) == 0 {
		matchers = []Matcher{{}}
		if !path {
			matchers[0] = everything()
		}
	}
	for i := range matchers {
		if path {
			matchers[i] = matchers[i].withPathOf(p.matcher)
		}
		if conditions {
			matchers[i] = matchers[i].withConditionsOf(p.matcher)
		}
	}
	r.Matchers = matchers
	return r
}

func or(a, b *bool) *bool {
	if a != nil {
		return a
	}
	return b
}

func isTrue(b *bool) bool { return b != nil && *b }

// refuses returns the first thing by which a matcher doesn't fit the parent's, or "". Gloo 1.2x drops the
// whole route then, whatever its other matchers are.
func (p *parentRoute) refuses(matchers []Matcher) string {
	for _, m := range matchers {
		if why := p.refusesMatcher(m); why != "" {
			return why
		}
	}
	return ""
}

func (p *parentRoute) refusesMatcher(m Matcher) string {
	_, text := m.path()
	_, prefix := p.matcher.path()
	switch {
	case !strings.HasPrefix(text, prefix):
		return "prefix"
	case !same(m.CaseSensitive, p.matcher.CaseSensitive):
		return "case"
	case !haveHeaders(m.Headers, p.matcher.Headers):
		return "headers"
	case !haveParameters(m.QueryParameters, p.matcher.QueryParameters):
		return "query"
	case !haveMethods(m.Methods, p.matcher.Methods):
		return "methods"
	}
	return ""
}

// same compares as written: not set is neither true nor false.
func same(a, b *bool) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// haveHeaders reports whether a child has its parent's headers. Gloo 1.2x looks at the last of each name.
func haveHeaders(child, parent []HeaderMatcher) bool {
	last := map[string]HeaderMatcher{}
	for _, h := range child {
		last[h.Name] = h
	}
	for _, h := range parent {
		if have, ok := last[h.Name]; !ok || have != h {
			return false
		}
	}
	return true
}

// haveParameters does the same for query parameters.
func haveParameters(child, parent []QueryParameter) bool {
	last := map[string]QueryParameter{}
	for _, q := range child {
		last[q.Name] = q
	}
	for _, q := range parent {
		if have, ok := last[q.Name]; !ok || have != q {
			return false
		}
	}
	return true
}

func haveMethods(child, parent []string) bool {
	return !slices.ContainsFunc(parent, func(m string) bool { return !slices.Contains(child, m) })
}
