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
	Methods        []string
}

// Covers reports whether every request that o fits, m fits too. It says so only where that can be proved, so a false
// may be a miss and a true never is.
func (m Matcher) Covers(o Matcher) bool {
	return m.coversPath(o) && implied(m.Headers, o.Headers, true) && implied(m.Query, o.Query, false) && m.coversMethods(o)
}

func (m Matcher) coversPath(o Matcher) bool {
	if m.Path.Kind == Prefix && o.Path.Kind == Regex {
		return m.coversPattern(o.Path)
	}
	if m.CaseInsensitive != o.CaseInsensitive {
		// A case-insensitive matcher covers the same text with case; the other way round it does not.
		if !m.CaseInsensitive {
			return m.Path.Kind == Prefix && (m.Path.Value == "/" || m.Path.Value == "") && o.Path.Kind != Connect
		}
		if m.Path.Kind != Regex { // lower-casing would change what \D means
			m.Path.Value, o.Path.Value = strings.ToLower(m.Path.Value), strings.ToLower(o.Path.Value)
		}
	}
	switch m.Path.Kind {
	case NoPath:
		return o.Path.Kind != Connect
	case Prefix:
		if m.Path.Value == "/" || m.Path.Value == "" {
			return o.Path.Kind != Connect
		}
		return (o.Path.Kind == Prefix || o.Path.Kind == Exact) && strings.HasPrefix(o.Path.Value, m.Path.Value)
	default:
		return m.Path == o.Path
	}
}

// coversPattern reports whether all that a regular expression fits begins with the prefix. The case of what it fits
// always counts.
func (m Matcher) coversPattern(o Path) bool {
	prefix, begins := m.Path.Value, o.Literal()
	if m.CaseInsensitive {
		prefix, begins = strings.ToLower(prefix), strings.ToLower(begins)
	}
	return prefix == "/" || strings.HasPrefix(begins, prefix)
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

func (m Matcher) coversMethods(o Matcher) bool {
	if len(m.Methods) == 0 {
		return true
	}
	if len(o.Methods) == 0 {
		return false
	}
	for _, method := range o.Methods {
		if !slices.Contains(m.Methods, method) {
			return false
		}
	}
	return true
}

// Alternatives are the route's matchers; one without any fits every request, as / does.
func (r Route) Alternatives() []Matcher {
	if len(r.Matchers) == 0 {
		return everyRequest
	}
	return r.Matchers
}

var everyRequest = []Matcher{{Path: Path{Kind: Prefix, Value: "/"}}}
