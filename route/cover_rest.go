package route

import (
	"slices"
	"strings"
)

// maxRest bounds how many times a matcher is looked at for the rests of a table's header routes. What is not looked at
// is taken to be there.
const maxRest = 200_000

// rests asks what becomes of the requests that fit the matchers of header routes but for their headers.
type rests struct {
	table  Table
	s      Semantics
	covers *coverIndex
	asked  []Header
	looked int
}

// effort is how much it takes to compare two matchers, in comparisons of prefixes.
func effort(m, o Matcher) int {
	if m.patterned() || o.patterned() {
		return 50
	}
	return 1
}

// patterned reports whether to compare the matcher takes a regular expression, be it of paths or of methods.
func (m Matcher) patterned() bool { return m.Path.Kind == Regex || !words(m.Methods) }

// remainder is the rest of one matcher, as far as its path goes, and what takes a part of it.
type remainder struct {
	Matcher
	parts   []Path
	samples []string
	takers  []partTaker
}

// partTaker is a matcher that takes a part of the rest: a bit for each part of the path of which it takes all, and one
// for each of a few paths.
type partTaker struct {
	Matcher
	route         int
	parts, sample uint32
}

// remain returns what there is to take of a matcher's path.
func (m Matcher) remain() remainder {
	return remainder{Matcher: m, parts: m.Path.parts(), samples: m.Path.samples()}
}

// Meets reports whether the one may take a part of the other's rest, by its path.
func (m Matcher) Meets(s Semantics, rest Matcher) bool {
	r := rest.remain()
	t := r.taken(s, m)
	return t.parts|t.sample != 0
}

func (r *remainder) taken(s Semantics, f Matcher) partTaker {
	out := partTaker{Matcher: f}
	f = Matcher{Path: f.Path, CaseInsensitive: f.CaseInsensitive}
	for n, part := range r.parts {
		if s.Covers(f, Matcher{Path: part, CaseInsensitive: r.anyCase()}) {
			out.parts |= 1 << n
		}
	}
	for n, path := range r.samples {
		if s.Covers(f, Matcher{Path: Path{Exact, path}}) {
			out.sample |= 1 << n
		}
	}
	return out
}

// Rest says what becomes of the requests that fit a matcher of the route but for its headers; empty if the table takes
// all of them. Every request has the headers that are asked.
func (t Table) Rest(s Semantics, i, matcher int, asked ...Header) ObstacleKind {
	r := rests{table: t, s: s, covers: newCoverIndex(t), asked: asked}
	kind, _ := r.left(t.Routes[i].Alternatives()[matcher].without(asked))
	return kind
}

// left says what becomes of the requests that fit m but for its headers; "" if routes take all of them, or may.
// Of two routes for a value and for all others, the one for the value is told. By is a route of which that is not
// certain.
func (r *rests) left(m Matcher) (kind ObstacleKind, by int) {
	if hosts := m.hosts(); len(hosts) > 0 {
		of := *r
		of.asked = slices.Concat(r.asked, hosts)
		if m = m.without(hosts); len(m.Headers) > 0 {
			kind, by = of.left(m)
		}
		r.looked = of.looked
		return kind, by
	}
	bare := m
	bare.Headers = nil
	routes := r.covers.sorted(bare)
	if r.whole(bare, routes) {
		return "", 0
	}
	rest := m.remain()
	r.take(&rest, routes)
	var conditions []Header
	for _, f := range rest.takers {
		conditions = append(conditions, f.Headers...)
	}
	methods := m.Methods
	if len(methods) == 0 {
		methods = []string{""}
	}
	for state := range states(m.Headers, conditions) {
		for _, method := range methods {
			if r.looked += len(rest.takers); r.looked > maxRest {
				return "", 0
			}
			switch told, unsure := rest.left(method, state); {
			case told == Lone:
				return Lone, 0
			case told == Absent, told == Unsure && kind == "":
				kind, by = told, unsure
			}
		}
	}
	if kind == Absent && !slices.ContainsFunc(m.Headers, func(h Header) bool { return h.Value != "" && !h.Invert }) {
		return "", 0
	}
	return kind, by
}

// hosts are the headers that say to whom a request is sent. Who asks for a host means its requests alone, as a root
// that has its domain does.
func (m Matcher) hosts() (out []Header) {
	for _, h := range m.Headers {
		if !h.Invert && (strings.EqualFold(h.Name, ":authority") || strings.EqualFold(h.Name, "host")) {
			out = append(out, h)
		}
	}
	return out
}

// whole reports whether a matcher of one of the routes takes all of the rest by itself, as mostly one does.
func (r *rests) whole(bare Matcher, routes []int) bool {
	for _, i := range routes {
		for _, f := range r.table.Routes[i].Alternatives() {
			f = f.without(r.asked)
			r.looked += effort(f, bare)
			if r.looked > maxRest || r.s.Covers(f, bare) {
				return true
			}
		}
	}
	return false
}

// take finds the matchers that take a part of the rest.
func (r *rests) take(rest *remainder, routes []int) {
	for _, i := range routes {
		for _, f := range r.table.Routes[i].Alternatives() {
			f = f.without(r.asked)
			if !implied(f.Query, rest.Query, false) {
				continue
			}
			if t := rest.taken(r.s, f); t.parts|t.sample != 0 {
				t.route, t.Methods = i, f.methodsAmong(rest.Methods)
				rest.takers = append(rest.takers, t)
			}
		}
	}
}

// left is left for the requests of one method, empty for any, with some headers.
func (r *remainder) left(method string, state map[string]value) (ObstacleKind, int) {
	var parts, sample uint32
	by := -1
	for _, f := range r.takers {
		if (len(f.Methods) == 0 || slices.Contains(f.Methods, method)) && fit(f.Headers, state) {
			if by < 0 {
				by = f.route
			}
			parts, sample = parts|f.parts, sample|f.sample
		}
	}
	switch {
	case parts == 1<<len(r.parts)-1:
		return "", 0
	case by >= 0 && sample == 1<<len(r.samples)-1:
		return Unsure, by
	}
	missing := func(h Header) bool { return h.Value != "" && state[strings.ToLower(h.Name)].absent }
	if slices.ContainsFunc(r.Headers, missing) {
		return Absent, 0
	}
	return Lone, 0
}
