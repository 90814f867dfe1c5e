package glooworld

import (
	"slices"
	"strings"
)

// parentMatcher returns what a delegating route asks of requests, under another one's.
func (d *draft) parentMatcher(under Matcher) Matcher {
	m := under
	if d.chance(35) {
		prefix := d.path(*under.Prefix)
		m.Prefix = &prefix
	}
	if d.chance(35) {
		d.condition(&m)
	}
	if yes := d.chance(30); m.CaseSensitive == nil && d.chance(10) {
		m.CaseSensitive = &yes
	}
	return m
}

// childMatcher returns a matcher of a table's route, which mostly fits its parent's.
func (d *draft) childMatcher(parent Matcher) Matcher {
	m := parent
	m.Prefix = nil
	prefix := *parent.Prefix
	switch {
	case d.chance(6):
		prefix = "/"
	case d.chance(2):
		d.condition(&m)
		return m // Without a path.
	}
	d.drawPath(&m, prefix)
	for range pick(d, 0, 0, 1, 1, 2) {
		d.condition(&m)
	}
	if yes := d.chance(20); d.chance(8) {
		m.CaseSensitive = &yes
	}
	d.forget(&m)
	return m
}

// forget leaves a condition of the parent's out now and then.
func (d *draft) forget(m *Matcher) {
	if len(m.Headers) > 0 && d.chance(15) {
		m.Headers = m.Headers[1:]
	}
	if len(m.QueryParameters) > 0 && d.chance(20) {
		m.QueryParameters = m.QueryParameters[1:]
	}
	if len(m.Methods) > 0 && d.chance(20) {
		m.Methods = m.Methods[1:]
	}
	if d.chance(15) {
		m.CaseSensitive = nil
	}
}

// drawPath gives a matcher a path below a prefix, or now and then the prefix itself.
func (d *draft) drawPath(m *Matcher, prefix string) {
	text := d.path(prefix)
	if d.chance(15) {
		text = prefix
	}
	switch {
	case d.chance(58):
		m.Prefix = &text
	case d.chance(50):
		m.Exact = &text
	default:
		text = strings.TrimSuffix(text, "/")
		text += pick(d, "/.*", "(/.*)?", "/[0-9]{1,3}", "/[a-z]+", ".*", "/v[0-9]+/.*", "/.+")
		m.Regex = &text
	}
}

// path returns a path that begins with a prefix. It has no "//", which Gloo finds fault with.
func (d *draft) path(prefix string) string {
	word := pick(d, d.words...)
	switch {
	case prefix == "/" && d.chance(15):
		return "/" + strings.ToUpper(word[:1]) + word[1:]
	case prefix == "/" && d.chance(25):
		return "/" + word + pick(d, "/", "-v2", "es", "/admin")
	case prefix == "/":
		return "/" + word
	}
	return strings.ReplaceAll(prefix+pick(d, "", "", "/", "-v2", "x", "/"+word, "/health"), "//", "/")
}

// condition adds a header, a query parameter or methods to a matcher.
func (d *draft) condition(m *Matcher) {
	switch {
	case d.chance(45):
		m.Headers = append(slices.Clone(m.Headers), pick(d,
			HeaderMatcher{Name: "stage", Value: "canary"},
			HeaderMatcher{Name: "stage"},
			HeaderMatcher{Name: "stage", Value: "canary|beta", Regex: true},
			HeaderMatcher{Name: "stage", Value: "canary", InvertMatch: true},
			HeaderMatcher{Name: "stage", InvertMatch: true},
			HeaderMatcher{Name: "X-User", Value: "7"},
			HeaderMatcher{Name: "x-user", Value: "[0-9]+", Regex: true},
			HeaderMatcher{Name: "x-user", Value: "1[0-9]*", Regex: true, InvertMatch: true},
			HeaderMatcher{Name: "x-team", Value: "a"}))
	case d.chance(50):
		m.QueryParameters = append(slices.Clone(m.QueryParameters), pick(d,
			QueryParameter{Name: "v", Value: "1"},
			QueryParameter{Name: "v", Value: "2"},
			QueryParameter{Name: "v"},
			QueryParameter{Name: "v", Value: "[12]", Regex: true},
			QueryParameter{Name: "debug"}))
	case len(m.Methods) == 0 || d.chance(50):
		m.Methods = pick(d, []string{"GET"}, []string{"POST"}, []string{"GET", "HEAD"}, []string{"PUT", "GET", "POST"})
	}
}
