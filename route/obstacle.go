package route

import "slices"

// Obstacle keeps a route from the requests that it is meant for, or other requests from an answer.
type Obstacle struct {
	Kind ObstacleKind
	// Route and Matcher are indexes; Matcher is that of an Unmatched or a Lone one.
	Route, Matcher int
	// By is the index of the earlier route, for Shadowed.
	By int
}

// ObstacleKind is what is the matter.
type ObstacleKind string

// The kinds.
const (
	// Shadowed: an earlier route with another action takes every request.
	Shadowed ObstacleKind = "shadowed"
	// Pathless: a matcher without a path, in a dialect that then drops the route.
	Pathless ObstacleKind = "pathless"
	// Lone: a route sends the requests with certain headers to a version, and no other route takes those without.
	Lone ObstacleKind = "lone"
)

// Obstacles compares the table's routes with each other, as the dialect does. A pathless matcher of
// a route that says nothing of inheriting its path may still get one from a parent. Asked are the
// headers that all who lead to the table ask for: its routes repeat them, and no request without
// them comes.
func (t Table) Obstacles(s Semantics, asked ...Header) []Obstacle {
	var out []Obstacle
	needsPath, covers := s.NeedsPath(), newCoverIndex(t)
	for i := range t.Routes {
		r := &t.Routes[i]
		for n, m := range r.Matchers {
			switch {
			case m.Path.Kind == NoPath && needsPath:
				if r.InheritsPath != Yes {
					out = append(out, Obstacle{Kind: Pathless, Route: i, Matcher: n})
				}
			case len(m.without(asked).Headers) > 0 && r.versioned() && !t.takesRest(s, covers, m.without(asked), asked):
				out = append(out, Obstacle{Kind: Lone, Route: i, Matcher: n})
			}
		}
		if by := t.shadow(s, covers, i); by >= 0 {
			out = append(out, Obstacle{Kind: Shadowed, Route: i, By: by})
		}
	}
	return out
}

// shadow returns the first route that takes all of route i's requests and does something else with
// them; -1 for none. What a delegation hands on to is not known here, so it hides nothing, and
// neither does a route that is dropped.
func (t Table) shadow(s Semantics, covers *coverIndex, i int) int {
	r, first := &t.Routes[i], -1
	for n := range covers.covering(r.Alternatives()[0]) {
		e := &t.Routes[n]
		if n == i || n > i && !s.Sorts() || first >= 0 && n > first {
			continue
		}
		if !e.Delegates && e.acts() && t.hides(s, n, i) && !e.dropped(s) && !e.sameAction(r) {
			first = n
		}
	}
	return first
}

// hides reports whether route i never gets a request because each of its matchers is covered by one
// of route n, which gets the requests that both fit.
func (t Table) hides(s Semantics, n, i int) bool {
	earlier, later := t.Routes[n].Alternatives(), t.Routes[i].Alternatives()
	for l := range later {
		taken := false
		for e := range earlier {
			taken = taken || s.First(Candidate{n, &earlier[e]}, Candidate{i, &later[l]}) && s.Covers(earlier[e], later[l])
		}
		if !taken {
			return false
		}
	}
	return true
}

// takesRest reports whether a route takes the requests that fit m but for its headers: at the same
// path with the same methods, so that no sorting puts it first. A delegation may lead to one.
func (t Table) takesRest(s Semantics, covers *coverIndex, m Matcher, asked []Header) bool {
	for i := range covers.covering(m) {
		r := &t.Routes[i]
		for _, f := range r.Alternatives() {
			f = f.without(asked)
			if r.Delegates && s.Covers(f, m) || f.restOf(m) {
				return true
			}
		}
	}
	return false
}

// without returns the matcher without conditions that every request fulfils.
func (m Matcher) without(asked []Header) Matcher {
	if len(asked) > 0 {
		m.Headers = slices.DeleteFunc(slices.Clone(m.Headers), func(h Header) bool { return slices.Contains(asked, h) })
	}
	return m
}

func (m Matcher) restOf(o Matcher) bool {
	if m.Path != o.Path || m.CaseInsensitive != o.CaseInsensitive ||
		!contains(m.Methods, o.Methods) || !contains(o.Methods, m.Methods) || !implied(m.Query, o.Query, false) {
		return false
	}
	if len(m.Headers) == 1 && len(o.Headers) == 1 {
		opposite := m.Headers[0]
		opposite.Invert = !opposite.Invert
		return opposite == o.Headers[0]
	}
	return len(m.Headers) == 0
}

// sameAction reports whether the routes do the same with a request.
func (r *Route) sameAction(o *Route) bool {
	if r.Weighted != o.Weighted || r.Delegates || o.Delegates || r.Action != o.Action ||
		(r.Group == nil) != (o.Group == nil) || r.Group != nil && r.Group.ID != o.Group.ID {
		return false
	}
	return slices.EqualFunc(r.Destinations, o.Destinations, Destination.same)
}

func (r *Route) acts() bool {
	return len(r.Destinations) > 0 || r.Action != "" || r.Group != nil
}

// dropped reports whether a matcher lacks the path without which the dialect drops the whole route.
func (r *Route) dropped(s Semantics) bool {
	return s.NeedsPath() && r.InheritsPath != Yes &&
		slices.ContainsFunc(r.Matchers, func(m Matcher) bool { return m.Path.Kind == NoPath })
}

// versioned reports whether the route sends to a version.
func (r *Route) versioned() bool {
	return slices.ContainsFunc(r.Destinations, func(d Destination) bool {
		return d.Backend != nil && len(d.Backend.Labels) > 0
	})
}
