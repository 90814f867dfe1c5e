package route_test

import (
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
