package route

import (
	"slices"
	"strings"
)

// PathKind is how a path is compared.
type PathKind uint8

// The kinds. A Prefix is compared as text.
const (
	NoPath PathKind = iota
	Exact
	Regex
	Prefix
	Connect
)

// Path is compared with the request's path, without the query.
type Path struct {
	Kind  PathKind
	Value string
}

// String is the path as the annotation aviary.dev/paths writes it.
func (p Path) String() string {
	switch p.Kind {
	case Exact:
		return "=" + p.Value
	case Regex:
		return "~" + p.Value
	default:
		return p.Value
	}
}

// Header is a condition on a request header or a query parameter. An empty Value asks for presence.
type Header struct {
	Name, Value   string
	Regex, Invert bool
}

// String is the condition in words: "stage=canary", "no stage".
func (h Header) String() string {
	out := h.Name
	if h.Value != "" {
		out += "=" + h.Value
	}
	if h.Invert {
		out = "no " + out
	}
	return out
}

// Matcher fits a request that fulfils all of its conditions.
type Matcher struct {
	Path            Path
	CaseInsensitive bool
	// CaseStated: the object says whether the case of the path counts.
	CaseStated     bool
	Headers, Query []Header
	// Methods are words, or parts of one regular expression that joins them by |.
	Methods []string
}

// Equal reports whether both say the same.
func (m Matcher) Equal(o Matcher) bool {
	return m.Path == o.Path && m.CaseInsensitive == o.CaseInsensitive && m.CaseStated == o.CaseStated &&
		slices.Equal(m.Headers, o.Headers) && slices.Equal(m.Query, o.Query) && slices.Equal(m.Methods, o.Methods)
}

// Covers reports whether every request that o fits, m fits too. It says so only where that can be proved, so a false
// may be a miss and a true never is.
func (m Matcher) Covers(o Matcher) bool {
	return m.coversPath(o) && implied(m.Headers, o.Headers, true) && implied(m.Query, o.Query, false) && m.coversMethods(o)
}

func (m Matcher) coversPath(o Matcher) bool {
	anyCase, theirs := m.anyCase(), o.anyCase()
	if m.Path.Kind != Regex && o.Path.Kind != Regex {
		return m.Path.covers(o.Path, anyCase, theirs)
	}
	mine := m.Path.parts()
	return !slices.ContainsFunc(o.Path.parts(), func(t Path) bool {
		return !slices.ContainsFunc(mine, func(p Path) bool { return p.covers(t, anyCase, theirs) })
	})
}

// anyCase reports whether the case of the path does not count. Of what a regular expression fits it always does (Envoy,
// RouteMatch.case_sensitive).
func (m Matcher) anyCase() bool { return m.CaseInsensitive && m.Path.Kind != Regex }

// covers compares paths, of which a regular expression is a part of one. Without case a path covers the same text with
// case; the other way round it does not.
func (p Path) covers(o Path, anyCase, theirs bool) bool {
	if p.Kind == NoPath || p.Kind == Prefix && (p.Value == "/" || p.Value == "") {
		return o.Kind != Connect
	}
	if theirs && !anyCase {
		return false
	}
	want, is := p.Value, o.Value
	if p.Kind == Prefix && o.Kind == Regex {
		is = o.literal()
	}
	switch {
	case anyCase && o.Kind == Regex:
		want, is = strings.ToLower(want), o.Folded()
	case anyCase:
		want, is = strings.ToLower(want), strings.ToLower(is)
	}
	switch {
	case p.Kind == Prefix:
		return (o.Kind == Prefix || o.Kind == Exact || o.Kind == Regex) && strings.HasPrefix(is, want)
	case p.Kind == Regex && o.Kind == Exact:
		r := pattern(p.Value)
		return r != nil && r.fitsText(o.Value)
	}
	return p.Kind == o.Kind && want == is
}

// implied reports whether conditions have fulfils each of want: for each there is an equal or a stricter one.
func implied(want, have []Header, foldNames bool) bool {
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h Header) bool { return w.impliedBy(h, foldNames) }) {
			return false
		}
	}
	return true
}

func (h Header) impliedBy(o Header, foldName bool) bool {
	same := h.Name == o.Name || foldName && strings.EqualFold(h.Name, o.Name)
	if !same {
		return false
	}
	if h.Value == "" && !h.Invert {
		return !o.absent()
	}
	return h.Value == o.Value && h.Regex == o.Regex && h.Invert == o.Invert
}

// absent reports whether the header must not be there. An inverted value wants another value, and no request without
// the header has one (Envoy, HeaderMatcher.invert_match and treat_missing_header_as_empty).
func (h Header) absent() bool { return h.Invert && h.Value == "" }

// Alternatives are the route's matchers; one without any fits every request, as / does.
func (r Route) Alternatives() []Matcher {
	if len(r.Matchers) == 0 {
		return everyRequest
	}
	return r.Matchers
}

var everyRequest = []Matcher{{Path: Path{Kind: Prefix, Value: "/"}}}
