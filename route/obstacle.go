package route

import (
	"slices"
	"strings"
)

// Obstacle keeps a route from the requests that it is meant for, or other requests from an answer.
type Obstacle struct {
	Kind ObstacleKind
	// Route and Matcher are indexes; Matcher is that of one that is about a matcher.
	Route, Matcher int
	// By is the index of the other route, where it is so on account of one.
	By int
}

// ObstacleKind is what is the matter.
type ObstacleKind string

// The kinds. [Table.Obstacles] finds Shadowed, Pathless, Lone, Absent and Unsure; the others are for the sake of
// parents or of sorting, and who knows those finds them.
const (
	// Shadowed: an earlier route with another action takes every request.
	Shadowed ObstacleKind = "shadowed"
	// Pathless: a matcher without a path, in a dialect that then drops the route.
	Pathless ObstacleKind = "pathless"
	// Lone: a route sends the requests with certain headers to a version, and no other route takes those without.
	Lone ObstacleKind = "lone"
	// Absent: together with another one, the route takes every value of a header, and no route takes the requests that
	// have none.
	Absent ObstacleKind = "absent"
	// Unsure: it is not certain that the other routes, By among them, take all requests without the headers.
	Unsure ObstacleKind = "unsure"
	// Outsorted: a later route with another action takes every request, because the dialect sorts them.
	Outsorted ObstacleKind = "outsorted"
	// Forgetful: a delegation's matcher without a path, in a dialect that then forgets what else it asks for.
	Forgetful ObstacleKind = "forgetful"
	// Overwritten: the route takes the path of its parent's, so its own is not served.
	Overwritten ObstacleKind = "overwritten"
	// Hanging: the route would be shadowed if the dialect tried the routes as written; it sorts them because of another
	// table.
	Hanging ObstacleKind = "hanging"
	// Overtaken: a later route takes some of the requests of one that asks for headers, because the dialect sorts them.
	Overtaken ObstacleKind = "overtaken"
)

// ByAnother reports whether By is another route on whose account it is so.
func (o Obstacle) ByAnother() bool {
	switch o.Kind {
	case Shadowed, Hanging, Overtaken, Outsorted, Unsure:
		return true
	case Pathless, Lone, Absent, Forgetful, Overwritten:
	}
	return false
}

// Obstacles compares the table's routes with each other, as the dialect does. A pathless matcher of
// a route that says nothing of inheriting its path may still get one from a parent. Asked are the
// headers that all who lead to the table ask for: its routes repeat them, and no request without
// them comes.
func (t Table) Obstacles(s Semantics, asked ...Header) []Obstacle {
	var out []Obstacle
	needsPath, covers := s.NeedsPath(), newCoverIndex(t)
	rest := rests{table: t, s: s, covers: covers, asked: asked}
	for i := range t.Routes {
		r := &t.Routes[i]
		for n, m := range r.Matchers {
			switch {
			case m.Path.Kind == NoPath && needsPath:
				if r.InheritsPath != Yes {
					out = append(out, Obstacle{Kind: Pathless, Route: i, Matcher: n})
				}
			case len(m.without(asked).Headers) > 0 && r.versioned():
				if kind, by := rest.left(m.without(asked)); kind != "" {
					out = append(out, Obstacle{Kind: kind, Route: i, Matcher: n, By: by})
				}
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
		if !e.Delegates && e.acts() && covers.afford(e, r) && t.hides(s, n, i) && !e.dropped(s) && !e.sameAction(r) {
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

// Takes reports whether route n, which is tried before route i, does something else with some of its requests: i sends
// those with headers to a version, and n asks for a longer path or more methods, but for no headers. What a route
// before n takes already does not count.
func (t Table) Takes(s Semantics, n, i int) bool {
	by, r := &t.Routes[n], &t.Routes[i]
	if !r.versioned() || !by.acts() || by.sameAction(r) {
		return false
	}
	return slices.ContainsFunc(r.Alternatives(), func(m Matcher) bool {
		bare := m
		bare.Headers = nil
		return len(m.Headers) > 0 && slices.ContainsFunc(by.Alternatives(), func(b Matcher) bool {
			if len(b.Headers) > 0 || !s.Covers(bare, b) {
				return false
			}
			b.Headers = m.Headers
			return !t.covered(s, n, b)
		})
	})
}

// Differs reports whether routes that a request may both fit change places if they are tried in another order.
func (t Table) Differs(order []int) bool {
	if slices.IsSorted(order) {
		return false
	}
	if len(order) > fewRoutes {
		return true // which is not worth the comparison of each with each
	}
	for at, i := range order {
		for _, n := range order[:at] {
			if n > i && t.Routes[n].meets(&t.Routes[i]) {
				return true
			}
		}
	}
	return false
}

// meets reports whether a path may fit both routes.
func (r *Route) meets(o *Route) bool {
	return slices.ContainsFunc(r.Alternatives(), func(m Matcher) bool {
		return slices.ContainsFunc(o.Alternatives(), func(n Matcher) bool {
			return m.Path.Kind == Regex || n.Path.Kind == Regex || m.CaseInsensitive || n.CaseInsensitive ||
				strings.HasPrefix(m.Path.Value, n.Path.Value) || strings.HasPrefix(n.Path.Value, m.Path.Value)
		})
	})
}

// covered reports whether a route before n takes all that fits m.
func (t Table) covered(s Semantics, n int, m Matcher) bool {
	return slices.ContainsFunc(t.Routes[:n], func(r Route) bool {
		return slices.ContainsFunc(r.Alternatives(), func(e Matcher) bool { return s.Covers(e, m) })
	})
}

// without returns the matcher without conditions that every request fulfils.
func (m Matcher) without(asked []Header) Matcher {
	if len(asked) > 0 {
		m.Headers = slices.DeleteFunc(slices.Clone(m.Headers), func(h Header) bool { return slices.Contains(asked, h) })
	}
	return m
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
