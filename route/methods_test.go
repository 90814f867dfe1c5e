package route_test

import (
	"testing"

	"aviary.dev/route"
)

// The rest of a header route may be taken by methods that are a regular expression.
func TestRestByMethods(t *testing.T) {
	t.Parallel()
	to := func(version string, methods []string, headers ...route.Header) route.Route {
		m := route.Matcher{Path: route.Path{Kind: route.Prefix, Value: "/echo"}, Methods: methods, Headers: headers}
		return route.Route{
			Matchers: []route.Matcher{m}, Destinations: []route.Destination{{Backend: backend("Group", "echo", version)}},
		}
	}
	canary := func(methods ...string) route.Route {
		return to("v2", methods, route.Header{Name: "stage", Value: "canary"})
	}
	main := func(methods ...string) route.Route { return to("v1", methods) }
	cases := map[string]struct {
		reason string
		routes []route.Route
		lone   bool
	}{
		"Fits":    {"P.*T fits POST", []route.Route{canary("POST"), main("P.*T")}, false},
		"FitsOne": {"each is taken by one", []route.Route{canary("GET", "POST"), main("P.*T"), main("GET")}, false},
		"Same":    {"all that it fits", []route.Route{canary("P.*T", "GET"), main("P.*T"), main("GET")}, false},
		"Apart":   {"P.*T does not fit GET", []route.Route{canary("GET"), main("P.*T")}, true},
		"OneLeft": {"nothing takes GET", []route.Route{canary("GET", "POST"), main("P.*T")}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := route.Table{Routes: tc.routes}.Obstacles(route.AsWritten{})
			if lone := len(got) == 1 && got[0].Kind == route.Lone; lone != tc.lone || !tc.lone && len(got) > 0 {
				t.Errorf("%s\nObstacles() = %v, want one: %t", tc.reason, got, tc.lone)
			}
		})
	}
}
