package glootest

import (
	"regexp"
	"strings"

	"aviary.dev/route"
)

// Request is what Envoy looks at of an HTTP request. The path has no query.
type Request struct {
	Host    string            `json:"host"`
	Path    string            `json:"path"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers"`
	Query   map[string]string `json:"query"`
}

// fits reports whether the request fulfils all of a matcher's conditions, as Envoy compares them: a regular expression
// fits the whole text, the names of headers are in any case, and Gloo makes one regular expression of the methods.
func (r Request) fits(m *route.Matcher) bool {
	for _, h := range m.Headers {
		if value, ok := folded(r.Headers, h.Name); !met(h, value, ok) {
			return false
		}
	}
	for _, q := range m.Query {
		if value, ok := r.Query[q.Name]; !met(q, value, ok) {
			return false
		}
	}
	return r.on(m) && (len(m.Methods) == 0 || whole(strings.Join(m.Methods, "|"), r.Method))
}

// on reports whether the request is for the matcher's path. The case of a regular expression always counts.
func (r Request) on(m *route.Matcher) bool {
	path, want := r.Path, m.Path.Value
	if m.CaseInsensitive && m.Path.Kind != route.Regex {
		path, want = strings.ToLower(path), strings.ToLower(want)
	}
	switch m.Path.Kind {
	case route.Exact:
		return path == want
	case route.Prefix:
		return strings.HasPrefix(path, want)
	case route.Regex:
		return whole(want, path)
	default:
		return false
	}
}

// met reports whether a header or query parameter fulfils a condition. An inverted value asks for another value, which
// none is.
func met(h route.Header, value string, there bool) bool {
	switch {
	case h.Value == "":
		return there != h.Invert
	case !there:
		return false
	case h.Regex:
		return whole(h.Value, value) != h.Invert
	}
	return (h.Value == value) != h.Invert
}

func folded(headers map[string]string, name string) (value string, ok bool) {
	for k, v := range headers {
		if strings.EqualFold(k, name) {
			return v, true
		}
	}
	return "", false
}

// whole reports whether a regular expression fits all of a text; none that doesn't compile fits any.
func whole(pattern, text string) bool {
	compiled, err := regexp.Compile(`\A(?:` + pattern + `)\z`)
	return err == nil && compiled.MatchString(text)
}

// rank says how well a domain fits the request's host, the more the better; 0 if it doesn't. Envoy takes the very host,
// then the longest that ends like it, then the longest that begins like it, then any.
func (r Request) rank(domain string) int {
	const most = 1 << 20
	host, domain := strings.ToLower(r.Host), strings.ToLower(domain)
	rest, ends := strings.CutPrefix(domain, "*")
	begins, starts := strings.CutSuffix(domain, "*")
	switch {
	case domain == host:
		return 3 * most
	case domain == "*":
		return 1
	case ends && len(host) > len(rest) && strings.HasSuffix(host, rest):
		return 2*most + len(rest)
	case starts && len(host) > len(begins) && strings.HasPrefix(host, begins):
		return most + len(begins)
	}
	return 0
}
