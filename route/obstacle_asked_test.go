package route_test

import (
	"fmt"
	"testing"

	"aviary.dev/route"
)

// A header that every request comes with makes no route a header route.
func TestObstaclesAsked(t *testing.T) {
	t.Parallel()
	acme, canary := route.Header{Name: "tenant", Value: "acme"}, route.Header{Name: "stage", Value: "canary"}
	to := func(version string, headers ...route.Header) route.Route {
		return route.Route{
			Matchers:     []route.Matcher{{Path: route.Path{Kind: route.Prefix, Value: "/echo"}, Headers: headers}},
			Destinations: []route.Destination{{Backend: backend("Group", "echo", version)}},
		}
	}
	byMethod := func(r route.Route, methods ...string) route.Route {
		r.Matchers[0].Methods = methods
		return r
	}
	var many []route.Route
	for n := range 20 {
		other := to("v1")
		other.Matchers[0].Path.Value = fmt.Sprintf("/other-%d", n)
		many = append(many, other)
	}
	cases := map[string]struct {
		reason string
		routes []route.Route
		asked  []route.Header
		want   int
	}{
		"Repeated": {"nobody comes without it", []route.Route{to("v1", acme)}, []route.Header{acme}, 0},
		"BesideCanary": {
			"those of acme without the canary's header have v1",
			[]route.Route{to("v2", acme, canary), to("v1", acme)},
			[]route.Header{acme},
			0,
		},
		"InParts": {
			"two routes of acme have what the canary leaves, each for a method",
			[]route.Route{
				byMethod(to("v2", acme, canary), "GET", "PUT"), byMethod(to("v1", acme), "GET"), byMethod(to("v1", acme), "PUT"),
			},
			[]route.Header{acme},
			0,
		},
		"AmongMany": {
			"in a table that is looked up by paths, too", append([]route.Route{to("v2", acme, canary), to("v1", acme)}, many...),
			[]route.Header{acme},
			0,
		},
		"OnlyCanary": {
			"those of acme without the canary's header have nothing",
			[]route.Route{to("v2", acme, canary)},
			[]route.Header{acme},
			1,
		},
		"NotAsked": {"others than acme have nothing", []route.Route{to("v1", acme)}, nil, 1},
		"AnotherAsked": {
			"stage is asked for, and others than acme have nothing", []route.Route{to("v1", acme)}, []route.Header{canary}, 1,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (route.Table{Routes: tc.routes}).Obstacles(strict{}, tc.asked...); len(got) != tc.want {
				t.Errorf("%s\nObstacles() = %v, want %d", tc.reason, got, tc.want)
			}
		})
	}
}
