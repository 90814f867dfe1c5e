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
	// Pathless: a matcher without a path, which Gloo doesn't admit.
	Pathless ObstacleKind = "pathless"
	// Lone: a route sends the requests with certain headers to a version, and no other route takes those without.
	Lone ObstacleKind = "lone"
)

// Obstacles compares the table's routes with each other, in the order in which they are written. A pathless matcher of a
// route that says nothing of inheriting its path may still get one from a parent. Asked are the headers that all who lead
// to the table ask for: its routes repeat them (gloo-api §6.1), and no request without them comes.
func (t Table) Obstacles(asked ...Header) []Obstacle {
	var out []Obstacle
	for i := range t.Routes {
		r := &t.Routes[i]
		for n, m := range r.Matchers {
			switch {
			case m.Path.Kind == NoPath:
				if r.InheritsPath != Yes {
					out = append(out, Obstacle{Kind: Pathless, Route: i, Matcher: n})
				}
			case len(m.without(asked).Headers) > 0 && r.versioned() && !t.takesRest(m.without(asked), asked):
				out = append(out, Obstacle{Kind: Lone, Route: i, Matcher: n})
			}
		}
		if by := t.shadow(i); by >= 0 {
			out = append(out, Obstacle{Kind: Shadowed, Route: i, By: by})
		}
	}
	return out
}

// shadow gives the first earlier route that takes all of route i's requests and does something else with them; -1 for
// none. What a delegation hands on to is not known here, so it hides nothing, and neither does a route that Gloo drops.
func (t Table) shadow(i int) int {
	for n := range i {
		e := &t.Routes[n]
		if e.Delegates || !e.acts() || e.dropped() || e.sameAction(&t.Routes[i]) {
			continue
		}
		if t.Routes[i].Shadowed(*e) {
			return n
		}
	}
	return -1
}

// takesRest reports whether a route takes the requests that fit m but for its headers: at the same path with the same
// methods, so that no sorting puts it first (gloo-api §6). A delegation may lead to one.
func (t Table) takesRest(m Matcher, asked []Header) bool {
	for i := range t.Routes {
		r := &t.Routes[i]
		for _, f := range r.Alternatives() {
			f = f.without(asked)
			if r.Delegates && f.Covers(m) || f.restOf(m) {
				return true
			}
		}
	}
	return false
}

// without gives the matcher without conditions that every request fulfils.
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
	if r.Weighted != o.Weighted || r.Delegates || o.Delegates || r.Action != o.Action || (r.Group == nil) != (o.Group == nil) ||
		r.Group != nil && *r.Group != *o.Group {
		return false
	}
	return slices.EqualFunc(r.Destinations, o.Destinations, Destination.same)
}

func (r *Route) acts() bool {
	return len(r.Destinations) > 0 || r.Action != "" || r.Group != nil
}

// dropped reports whether a matcher has no path, for which Gloo drops the whole route.
func (r *Route) dropped() bool {
	return r.InheritsPath != Yes && slices.ContainsFunc(r.Matchers, func(m Matcher) bool { return m.Path.Kind == NoPath })
}

// versioned reports whether the route sends to a version.
func (r *Route) versioned() bool {
	return slices.ContainsFunc(r.Destinations, func(d Destination) bool { return len(d.Subset) > 0 })
}
