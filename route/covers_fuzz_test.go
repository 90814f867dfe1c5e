package route_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"aviary.dev/route"
)

// request is what a matcher is tried on. Connect requests have no path.
type request struct {
	path, method   string
	connect        bool
	headers, query map[string]string // header names in lower case
}

// fits is Envoy's matching, as far as Gloo uses it, written without a thought about covering.
func fits(m route.Matcher, r request) bool {
	if !fitsPath(m, r) || len(m.Methods) > 0 && !fitsMethod(m, r.method) {
		return false
	}
	for _, h := range m.Headers {
		value, has := r.headers[strings.ToLower(h.Name)]
		if !fitsHeader(h, value, has) {
			return false
		}
	}
	for _, q := range m.Query {
		value, has := r.query[q.Name]
		if !fitsHeader(q, value, has) {
			return false
		}
	}
	return true
}

func fitsMethod(m route.Matcher, method string) bool {
	whole, err := regexp.Compile("^(?:" + strings.Join(m.Methods, "|") + ")$")
	return err == nil && whole.MatchString(method)
}

func fitsPath(m route.Matcher, r request) bool {
	if m.Path.Kind == route.Connect || r.connect {
		return m.Path.Kind == route.Connect && r.connect
	}
	want, is := m.Path.Value, r.path
	if m.CaseInsensitive && m.Path.Kind != route.Regex {
		want, is = strings.ToLower(want), strings.ToLower(is)
	}
	switch m.Path.Kind {
	case route.Exact:
		return is == want
	case route.Prefix:
		return strings.HasPrefix(is, want)
	case route.Regex:
		return regexp.MustCompile(`^(?:` + want + `)$`).MatchString(is)
	}
	return true
}

func fitsHeader(h route.Header, value string, has bool) bool {
	switch {
	case h.Value == "":
		return has != h.Invert
	case !has:
		return false // also of an inverted value: no request without the header has another one
	case h.Regex:
		return regexp.MustCompile(`^(?:`+h.Value+`)$`).MatchString(value) != h.Invert
	}
	return (value == h.Value) != h.Invert
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func randomMatcher(r *rand.Rand) route.Matcher {
	m := route.Matcher{CaseInsensitive: r.IntN(3) == 0}
	m.Path.Kind = route.PathKind(r.IntN(5))
	switch m.Path.Kind {
	case route.Exact, route.Prefix:
		m.Path.Value = pick(r, "/", "/a", "/A", "/a/", "/a/b", "/a/B", "/ab", "/b")
	case route.Regex:
		m.Path.Value = pick(r, `/.*`, `/a`, `/A.*`, `/\D`, `/\d`, `.*`,
			`/(a|b).*`, `^/a(/.*)?$`, `/[ab]`, `(?i)/A`, `/.+`, `/(\D)`, `/a/?`)
	}
	if m.Path.Kind == route.Prefix && r.IntN(8) == 0 {
		m.Path.Value = ""
	}
	m.Headers, m.Query = randomHeaders(r), randomHeaders(r)
	for i := range m.Query {
		m.Query[i].Invert = false // Gloo has no such thing
	}
	for range r.IntN(3) {
		m.Methods = append(m.Methods, pick(r, "GET", "POST", "PUT", "P.*", "GET|PUT", "P(", ")T", ".*"))
	}
	return m
}

func randomHeaders(r *rand.Rand) []route.Header {
	var out []route.Header
	for range r.IntN(3) {
		out = append(out, route.Header{
			Name: pick(r, "x", "X", "y"), Value: pick(r, "", "1", "2", "."), Regex: r.IntN(4) == 0, Invert: r.IntN(4) == 0,
		})
	}
	return out
}

func randomRequest(r *rand.Rand) request {
	return request{
		path:    pick(r, "/", "/a", "/A", "/a/", "/a/b", "/A/b", "/a/B", "/ab", "/b", "/1"),
		method:  pick(r, "GET", "POST", "PUT", "DELETE"),
		connect: r.IntN(8) == 0,
		headers: randomValues(r, "x", "y"),
		query:   randomValues(r, "x", "X", "y"),
	}
}

func randomValues(r *rand.Rand, names ...string) map[string]string {
	out := map[string]string{}
	for _, n := range names {
		if r.IntN(2) == 0 {
			out[n] = pick(r, "1", "2", ".", "")
		}
	}
	return out
}

// FuzzCovers: whatever b fits, a fits as well if it covers b.
func FuzzCovers(f *testing.F) {
	for seed := range uint64(64) {
		f.Add(seed, seed*7)
	}
	f.Add(uint64(3), uint64(236)) // an inverted value and presence
	f.Fuzz(func(t *testing.T, s1, s2 uint64) {
		r := rand.New(rand.NewPCG(s1, s2))
		for range 20 {
			a, b := randomMatcher(r), randomMatcher(r)
			if r.IntN(2) == 0 { // a likely pair: b asks for more
				b.Path, b.CaseInsensitive = a.Path, a.CaseInsensitive
				b.Headers = append(b.Headers, a.Headers...)
				b.Query = append(b.Query, a.Query...)
				b.Methods = a.Methods
			}
			if !a.Covers(b) {
				continue
			}
			for range 50 {
				if req := randomRequest(r); fits(b, req) && !fits(a, req) {
					t.Fatalf("a covers b, but only b fits the request\na: %+v\nb: %+v\nrequest: %+v", a, b, req)
				}
			}
		}
	})
}
