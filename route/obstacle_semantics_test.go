package route_test

import (
	"testing"

	"aviary.dev/route"
)

// mostSpecific is a dialect in which a matcher with more headers comes first, whatever the order.
type mostSpecific struct{ route.AsWritten }

func (mostSpecific) Sorts() bool { return true }

func (mostSpecific) First(a, b route.Candidate) bool {
	if x, y := len(a.Matcher.Headers), len(b.Matcher.Headers); x != y {
		return x > y
	}
	return a.Index < b.Index
}

// Which route is in the way is for the dialect to say.
func TestObstaclesBySemantics(t *testing.T) {
	t.Parallel()
	to := func(version string, headers ...route.Header) route.Route {
		return route.Route{
			Matchers:     []route.Matcher{{Path: route.Path{Kind: route.Prefix, Value: "/echo"}, Headers: headers}},
			Destinations: []route.Destination{{Backend: backend("Group", "echo", version)}},
		}
	}
	stage := route.Header{Name: "stage", Value: "canary"}
	behind := route.Table{Routes: []route.Route{to("v1"), to("v2", stage)}}
	if got := behind.Obstacles(route.AsWritten{}); len(got) != 1 || got[0].Kind != route.Shadowed {
		t.Errorf("as written: %v, want the second shadowed", got)
	}
	if got := behind.Obstacles(mostSpecific{}); len(got) > 0 {
		t.Errorf("the most specific first: %v, want none", got)
	}
	twice := route.Table{Routes: []route.Route{to("v1", stage), to("v2", stage), to("v1")}}
	want := route.Obstacle{Kind: route.Shadowed, Route: 1}
	if got := twice.Obstacles(mostSpecific{}); len(got) != 1 || got[0] != want {
		t.Errorf("two alike: %v, want the second shadowed by the first", got)
	}
}

// lastFirst is a dialect that tries the routes from the last to the first.
type lastFirst struct{ route.AsWritten }

func (lastFirst) Sorts() bool { return true }

func (lastFirst) First(a, b route.Candidate) bool { return a.Index > b.Index }

// Where the dialect sorts, a route is in the way of those before it.
func TestShadowedByALaterOne(t *testing.T) {
	t.Parallel()
	table := route.Table{Routes: []route.Route{
		{Matchers: []route.Matcher{at(route.Prefix, "/echo")}, Action: "a"},
		{Matchers: []route.Matcher{at(route.Prefix, "/echo")}, Action: "b"},
	}}
	want := route.Obstacle{Kind: route.Shadowed, By: 1}
	if got := table.Obstacles(lastFirst{}); len(got) != 1 || got[0] != want {
		t.Errorf("Obstacles() = %v, want the first shadowed by the second", got)
	}
}

// No route comes before itself.
func TestFirstIsStrict(t *testing.T) {
	t.Parallel()
	for i := range 3 {
		for n := range 3 {
			if got := (route.AsWritten{}).First(route.Candidate{Index: i}, route.Candidate{Index: n}); got != (i < n) {
				t.Errorf("First(%d, %d) = %t", i, n, got)
			}
		}
	}
}

// counting counts how often matchers are compared.
type counting struct {
	route.AsWritten
	n *int
}

func (c counting) Covers(m, o route.Matcher) bool {
	*c.n++
	return c.AsWritten.Covers(m, o)
}

// A route without headers has no rest to look for.
func TestNothingAsked(t *testing.T) {
	t.Parallel()
	var n int
	table := route.Table{Routes: []route.Route{{
		Matchers:     []route.Matcher{at(route.Prefix, "/echo")},
		Destinations: []route.Destination{{Backend: backend("Group", "echo", "v1")}},
	}}}
	if got := table.Obstacles(counting{n: &n}); len(got) > 0 || n > 0 {
		t.Errorf("Obstacles() = %v after %d comparisons, want none", got, n)
	}
}
