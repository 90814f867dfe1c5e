package glooworld

import (
	"regexp"
	"slices"
	"strings"
)

// Request is a request to Envoy. Its path has no query and needs no normalising.
type Request struct {
	Host    string            `json:"host"`
	Path    string            `json:"path"`
	Method  string            `json:"method"`
	Headers map[string]string `json:"headers,omitempty"`
	Query   map[string]string `json:"query,omitempty"`
}

// Answer returns the route that takes a request: the first of the virtual host that takes its host. Without
// one Envoy answers 404, as it does for a virtual host without routes, which Gloo 1.2x sends all the same.
// What a frozen virtual host still serves is not known here.
func (t Translation) Answer(r Request) (EnvoyRoute, bool) {
	sent := slices.DeleteFunc(slices.Clone(t.VirtualHosts), func(h VirtualHost) bool {
		return len(h.Faults) > 0
	})
	host := choose(sent, r.Host)
	if host == nil {
		return EnvoyRoute{}, false
	}
	for _, route := range host.Routes {
		if route.Match.takes(r) {
			return route, true
		}
	}
	return EnvoyRoute{}, false
}

// takes reports whether a request fulfils all conditions of a matcher.
func (m Matcher) takes(r Request) bool {
	return m.takesPath(r.Path) && m.takesMethod(r.Method) &&
		!slices.ContainsFunc(m.Headers, func(h HeaderMatcher) bool { return !h.takes(r.Headers) }) &&
		!slices.ContainsFunc(m.QueryParameters, func(q QueryParameter) bool { return !q.takes(r.Query) })
}

// takesPath leaves out connectMatcher, which takes only CONNECT. The case always counts for a regex.
func (m Matcher) takesPath(path string) bool {
	kind, text := m.path()
	if kind == regexPath {
		return fullMatch(text, path)
	}
	if m.CaseSensitive != nil && !*m.CaseSensitive {
		text, path = strings.ToLower(text), strings.ToLower(path)
	}
	return kind == exactPath && path == text || kind == prefixPath && strings.HasPrefix(path, text)
}

// takesMethod matches all methods as one regex, as Gloo writes them.
func (m Matcher) takesMethod(method string) bool {
	return len(m.Methods) == 0 || fullMatch(strings.Join(m.Methods, "|"), method)
}

// takes reports whether headers fulfil a condition. Envoy: where the header is missing, only the inverted
// condition that it be there is fulfilled.
func (h HeaderMatcher) takes(headers map[string]string) bool {
	value, has := header(headers, h.Name)
	if h.Value == "" {
		return has != h.InvertMatch
	}
	return has && fits(h.Regex, h.Value, value) != h.InvertMatch
}

// header returns the header of a name, whose case doesn't count.
func header(headers map[string]string, name string) (value string, has bool) {
	for key, value := range headers {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

func (q QueryParameter) takes(query map[string]string) bool {
	value, has := query[q.Name]
	return has && (q.Value == "" || fits(q.Regex, q.Value, value))
}

func fits(regex bool, want, value string) bool {
	if regex {
		return fullMatch(want, value)
	}
	return want == value
}

// fullMatch reports whether a regex matches a whole text; one that doesn't compile matches none.
func fullMatch(pattern, text string) bool {
	compiled, err := regexp.Compile("^(?:" + pattern + ")$")
	return err == nil && compiled.MatchString(text)
}
