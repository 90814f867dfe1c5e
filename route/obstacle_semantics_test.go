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
