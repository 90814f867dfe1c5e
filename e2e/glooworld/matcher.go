package glooworld

import "slices"

// Matcher is a condition on requests, as routes have it. Of several paths Gloo takes the last in the order
// below. No value of a header or a query parameter means any value.
type Matcher struct {
	Prefix          *string          `json:"prefix,omitempty"`
	Exact           *string          `json:"exact,omitempty"`
	Regex           *string          `json:"regex,omitempty"`
	ConnectMatcher  *struct{}        `json:"connectMatcher,omitempty"`
	CaseSensitive   *bool            `json:"caseSensitive,omitempty"`
	Headers         []HeaderMatcher  `json:"headers,omitempty"`
	QueryParameters []QueryParameter `json:"queryParameters,omitempty"`
	Methods         []string         `json:"methods,omitempty"`
}

// HeaderMatcher is a condition on a header.
type HeaderMatcher struct {
	Name        string `json:"name"`
	Value       string `json:"value,omitempty"`
	Regex       bool   `json:"regex,omitempty"`
	InvertMatch bool   `json:"invertMatch,omitempty"`
}

// QueryParameter is a condition on a query parameter.
type QueryParameter struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	Regex bool   `json:"regex,omitempty"`
}

// pathKind is a kind of path, in the order in which Gloo 1.2x sorts them.
type pathKind int

const (
	noPath pathKind = iota
	exactPath
	regexPath
	prefixPath
	connectPath
)

// path returns the kind of a matcher's path and its text.
func (m Matcher) path() (pathKind, string) {
	switch {
	case m.ConnectMatcher != nil:
		return connectPath, ""
	case m.Regex != nil:
		return regexPath, *m.Regex
	case m.Exact != nil:
		return exactPath, *m.Exact
	case m.Prefix != nil:
		return prefixPath, *m.Prefix
	}
	return noPath, ""
}

// everything returns the matcher of a route that has none.
func everything() Matcher {
	root := "/"
	return Matcher{Prefix: &root}
}

// withPathOf returns a matcher with the path of another, and its way to compare the case.
func (m Matcher) withPathOf(other Matcher) Matcher {
	m.Prefix, m.Exact, m.Regex, m.ConnectMatcher = other.Prefix, other.Exact, other.Regex, other.ConnectMatcher
	m.CaseSensitive = other.CaseSensitive
	return m
}

// withConditionsOf returns a matcher that asks for the headers, query parameters and methods of another, too.
func (m Matcher) withConditionsOf(other Matcher) Matcher {
	m.Headers = slices.Concat(other.Headers, m.Headers)
	m.QueryParameters = slices.Concat(other.QueryParameters, m.QueryParameters)
	m.Methods = slices.Concat(other.Methods, m.Methods)
	return m
}
