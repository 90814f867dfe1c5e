package convention_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// TestReadLiveTable: a version's share is its largest part of a route that asks for no headers, and any route with
// requests names it.
func TestReadLiveTable(t *testing.T) {
	t.Parallel()
	version := func(name string, weight int64) route.Destination {
		labels := map[string]string{"version": name}
		if name == "" {
			labels = nil
		}
		return route.Destination{Backend: &route.Backend{Labels: labels}, Weight: route.WeightOf(weight)}
	}
	main := []route.Matcher{{Path: route.Path{Kind: route.Prefix, Value: "/echo"}}}
	header := []route.Matcher{{Path: main[0].Path, Headers: []route.Header{{Name: "stage", Value: "canary"}}}}
	single := func(m []route.Matcher, d route.Destination) route.Route {
		d.Weight = route.Weight{}
		return route.Route{Matchers: m, Destinations: []route.Destination{d}}
	}
	split := func(m []route.Matcher, d ...route.Destination) route.Route {
		return route.Route{Matchers: m, Weighted: true, Destinations: d}
	}
	type shares = map[string]int
	type routes = []route.Route
	both := []string{"v1", "v2"}
	v1, v2 := version("v1", 0), version("v2", 0)
	unknown := route.Destination{Weight: route.WeightOf(50)}
	cases := map[string]struct {
		routes routes
		shares shares
		named  []string
	}{
		"single":         {routes{single(main, v1)}, shares{"v1": 100}, []string{"v1"}},
		"split":          {routes{split(main, version("v1", 90), version("v2", 10))}, shares{"v1": 90, "v2": 10}, both},
		"of another sum": {routes{split(main, version("v1", 3), version("v2", 1))}, shares{"v1": 75, "v2": 25}, both},
		"nothing": {
			routes{split(main, version("v1", 100), version("v2", 0))}, shares{"v1": 100, "v2": 0}, []string{"v1"},
		},
		"all 0":              {routes{split(main, version("v1", 0))}, shares{}, nil},
		"by a header":        {routes{single(header, v2)}, shares{}, []string{"v2"}},
		"by a header of two": {routes{single(append(header, main...), v2)}, shares{"v2": 100}, []string{"v2"}},
		"the largest": {
			routes{split(main, version("v1", 60), version("v2", 40)), split(main, version("v1", 80), version("v2", 20))},
			shares{"v1": 80, "v2": 40},
			both,
		},
		"no version": {routes{split(main, version("", 50), version("v2", 50))}, shares{"v2": 50}, []string{"v2"}},
		"no backend": {routes{split(main, unknown, version("v2", 50))}, shares{"v2": 50}, []string{"v2"}},
	}
	for name, c := range cases {
		live := convention.ReadLiveTable(c.routes, "", "v1 primary", "example", convention.DefaultLabelKeys())
		if diff := cmp.Diff(c.shares, live.Shares); diff != "" {
			t.Errorf("%s: shares (-want +got)\n%s", name, diff)
		}
		for _, v := range []string{"v1", "v2"} {
			want := false
			for _, n := range c.named {
				want = want || n == v
			}
			if live.Gives(v) != want {
				t.Errorf("%s: Gives(%s) = %t", name, v, !want)
			}
		}
	}
}

// TestInStep: a table follows what its versions say if it was made of that, or does not tell.
func TestInStep(t *testing.T) {
	t.Parallel()
	app := convention.NewApp("echo", "echo", []*convention.Version{
		{Name: "v1", Deployment: "echo-v1", Role: convention.Primary, Available: 1},
		{Name: "v2", Deployment: "echo-v2", Role: convention.Canary, Weight: 10, Available: 1},
		{Name: "v3", Deployment: "echo-v3", Role: convention.Standby, Weight: 7},
	}, nil, settings())
	const follows = "v1 primary, v2 canary 10, v3 standby"
	if got := app.Follows(); got != follows {
		t.Errorf("Follows() = %q, want %q", got, follows)
	}
	for text, want := range map[string]bool{follows: true, "": true, "v1 primary, v2 canary 20, v3 standby": false} {
		if got := app.Beside(convention.LiveTable{Exists: true, Follows: text}).InStep(); got != want {
			t.Errorf("InStep() of %q = %t, want %t", text, got, want)
		}
	}
}

// TestStamped: of the stamps, and only of them, a change by way of the status is told.
func TestStamped(t *testing.T) {
	t.Parallel()
	old := map[string]string{convention.KeyPromotedAt: "a", convention.KeyRole: "canary"}
	for name, c := range map[string]struct {
		now  map[string]string
		want []string
	}{
		"same":    {map[string]string{convention.KeyPromotedAt: "a", convention.KeyRole: "primary"}, nil},
		"changed": {map[string]string{convention.KeyPromotedAt: "b"}, []string{convention.KeyPromotedAt}},
		"gone":    {nil, []string{convention.KeyPromotedAt}},
		"new, though empty": {
			map[string]string{convention.KeyPromotedAt: "a", convention.KeyOverriddenAt: ""},
			[]string{convention.KeyOverriddenAt},
		},
	} {
		var got []string
		for _, f := range convention.Stamped(old, c.now) {
			got = append(got, f.Key)
			if f.Field != convention.Annotation(f.Key) || f.Warning {
				t.Errorf("%s: %+v", name, f)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestFollowed: a version at 0 replicas has no header route in the table, though it is judged as if it were scaled up.
func TestFollowed(t *testing.T) {
	t.Parallel()
	asleep := version("v2", convention.Canary, 0, down, func(v *convention.Version) { v.Replicas = 0 })
	app := echo(version("v1", convention.Primary, 0), asleep).Awake()
	if app.Followed().Gives("v2") {
		t.Error("nobody would answer for v2")
	}
	asleep.Replicas = 1
	if !app.Followed().Gives("v2") {
		t.Error("v2 asks for pods, so it has a header route")
	}
}
