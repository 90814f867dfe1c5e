package glooworld

import (
	"encoding/json"
	"math/rand/v2"
	"regexp/syntax"
	"strings"
)

// Probes returns requests to a world, always the same for a seed. Each is made to fit a matcher of the world,
// and then mostly changed a little, so that they reach different routes and their neighbours.
func Probes(seed uint64, objects []json.RawMessage) ([]Request, error) {
	w, err := Read(objects)
	if err != nil {
		return nil, err
	}
	p := prober{random(seed, 2)}
	matchers, domains := w.aims()
	var out []Request
	for range 20 {
		r := p.fitting(pick(p, matchers...))
		r.Host = p.host(pick(p, domains...))
		if p.IntN(100) < 60 {
			p.change(&r)
		}
		out = append(out, r)
	}
	return out, nil
}

type prober struct{ *rand.Rand }

// aims returns the matchers and domains of a world: those of Envoy's routes, and those that are written.
func (w *World) aims() (matchers []Matcher, domains []string) {
	matchers = []Matcher{everything()}
	for _, h := range w.Translate().VirtualHosts {
		domains = append(domains, h.Domains...)
		for _, r := range h.Routes {
			matchers = append(matchers, r.Match)
		}
	}
	for _, t := range w.tables {
		for _, r := range t.Spec.Routes {
			matchers = append(matchers, r.Matchers...)
		}
	}
	return matchers, append(domains, "any.test")
}

// host returns a host of a domain.
func (p prober) host(domain string) string {
	host := strings.ReplaceAll(domain, "*", pick(p, "x", "any.test", "www"))
	if p.IntN(10) == 0 {
		host = strings.ToUpper(host)
	}
	return host
}

// fitting returns a request that a matcher takes, or nearly.
func (p prober) fitting(m Matcher) Request {
	r := Request{Method: pick(p, "GET", "GET", "POST", "DELETE"), Headers: map[string]string{}, Query: map[string]string{}}
	kind, text := m.path()
	switch kind {
	case regexPath:
		r.Path = p.example(text)
	case prefixPath:
		r.Path = text + pick(p, "", "", "/q", "x")
	default:
		r.Path = text
	}
	if len(m.Methods) > 0 {
		r.Method = pick(p, m.Methods...)
	}
	for _, h := range m.Headers {
		switch {
		case h.InvertMatch && h.Value != "":
			r.Headers[h.Name] = "other"
		case !h.InvertMatch && h.Name != "":
			r.Headers[h.Name] = p.value(h.Regex, h.Value)
		}
	}
	for _, q := range m.QueryParameters {
		r.Query[q.Name] = p.value(q.Regex, q.Value)
	}
	return r.tidy()
}

// tidy mends what is no request.
func (r Request) tidy() Request {
	if r.Path = strings.ReplaceAll(r.Path, "//", "/"); !strings.HasPrefix(r.Path, "/") {
		r.Path = "/" + r.Path
	}
	if r.Method = strings.Trim(r.Method, "("); r.Method == "" {
		r.Method = "GET"
	}
	return r
}

func (p prober) value(regex bool, value string) string {
	switch {
	case value == "":
		return "any"
	case regex:
		return p.example(value)
	}
	return value
}

// change makes a request differ a little.
func (p prober) change(r *Request) {
	switch p.IntN(8) {
	case 0:
		r.Path += pick(p, "/", "x", "/q")
	case 1:
		r.Path = r.Path[:len(r.Path)-1]
	case 2:
		r.Path = pick(p, strings.ToUpper(r.Path), "/", "/zz")
	case 3:
		r.Method = pick(p, "GET", "HEAD", "POST", "PUT", "DELETE")
	case 4, 5:
		r.Headers[pick(p, "stage", "x-user", "x-team")] = pick(p, "canary", "beta", "other", "7", "12", "a")
	case 6:
		r.Query[pick(p, "v", "debug")] = pick(p, "1", "2", "3", "")
	case 7:
		clear(r.Headers)
	}
	*r = r.tidy()
}

// example returns a text that a regex matches, or the regex itself if it doesn't compile.
func (p prober) example(pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return strings.NewReplacer("(", "", "[", "", "{", "", "?", "").Replace(pattern)
	}
	return p.of(re)
}

func (p prober) of(re *syntax.Regexp) string {
	switch re.Op { //nolint:exhaustive // the others have no text of their own
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(re.Rune[0] + p.Int32N(re.Rune[1]-re.Rune[0]+1))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "q"
	case syntax.OpAlternate:
		return p.of(pick(p, re.Sub...))
	case syntax.OpStar, syntax.OpQuest:
		return strings.Repeat(p.of(re.Sub[0]), p.IntN(2))
	case syntax.OpRepeat:
		return strings.Repeat(p.of(re.Sub[0]), max(re.Min, 1))
	}
	var all strings.Builder
	for _, sub := range re.Sub {
		all.WriteString(p.of(sub))
	}
	return all.String()
}
