package route_test

import (
	"testing"

	"aviary.dev/route"
)

// TestTakes: a route takes requests of a later header route if it asks for a longer path or more methods, and no
// headers.
func TestTakes(t *testing.T) {
	t.Parallel()
	to := func(version string, m ...route.Matcher) route.Route {
		return route.Route{Matchers: m, Destinations: []route.Destination{{Backend: backend("Group", "echo", version)}}}
	}
	with := func(m route.Matcher, h ...route.Header) route.Matcher { m.Headers = h; return m }
	stage, beta := route.Header{Name: "stage", Value: "canary"}, route.Header{Name: "beta"}
	echo, deeper := at(route.Prefix, "/echo"), at(route.Prefix, "/echo/x")
	canary := to("v2", with(echo, stage))
	posts := with(echo, stage)
	posts.Methods = []string{"POST"}
	cases := map[string]struct {
		reason string
		routes []route.Route // n, then i; those before n stand before them
		want   bool
	}{
		"Longer":       {"requests below /echo/x go to v1", []route.Route{to("v1", deeper), canary}, true},
		"OneOfSeveral": {"by its second matcher", []route.Route{to("v1", at(route.Prefix, "/fox"), deeper), canary}, true},
		"OfSeveral": {
			"from its second matcher", []route.Route{to("v1", deeper), to("v2", with(at(route.Prefix, "/fox"), stage), posts,
				with(echo, stage))}, true,
		},
		"Same":         {"all of them do the same", []route.Route{to("v2", deeper), canary}, false},
		"Apart":        {"no request fits both", []route.Route{to("v1", at(route.Prefix, "/fox")), canary}, false},
		"Shorter":      {"that is told otherwise", []route.Route{to("v1", at(route.Prefix, "/")), canary}, false},
		"AsksToo":      {"it asks for headers itself", []route.Route{to("v1", with(deeper, beta)), canary}, false},
		"NoHeaders":    {"the later one asks for none", []route.Route{to("v1", deeper), to("v2", echo)}, false},
		"NoVersion":    {"the later one names no version", []route.Route{to("v1", deeper), to("", with(echo, stage))}, false},
		"NoAction":     {"it does nothing", []route.Route{{Matchers: []route.Matcher{deeper}}, canary}, false},
		"TakenAlready": {"v3 has them all", []route.Route{to("v3", with(deeper, stage)), to("v1", deeper), canary}, false},
		"TakenInPart": {
			"v3 has those with beta", []route.Route{to("v3", with(deeper, beta)), to("v1", deeper), canary}, true,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, i := route.Table{Routes: c.routes}, len(c.routes)-1
			if got := table.Takes(route.AsWritten{}, i-1, i); got != c.want {
				t.Errorf("%s\nTakes() = %t, want %t", c.reason, got, c.want)
			}
		})
	}
}

// TestDiffers: another order matters if it swaps routes that one request may fit.
func TestDiffers(t *testing.T) {
	t.Parallel()
	echo, deeper, fox := at(route.Prefix, "/echo"), at(route.Prefix, "/echo/x"), at(route.Prefix, "/fox")
	anyCase := loud(route.Prefix, "/FOX")
	cases := map[string]struct {
		reason string
		routes []route.Matcher
		order  []int
		want   bool
	}{
		"AsWritten":    {"nothing moves", []route.Matcher{echo, deeper}, []int{0, 1}, false},
		"Beneath":      {"/echo/x fits both", []route.Matcher{echo, deeper}, []int{1, 0}, true},
		"Above":        {"likewise", []route.Matcher{deeper, echo}, []int{1, 0}, true},
		"Apart":        {"no request fits both", []route.Matcher{echo, fox}, []int{1, 0}, false},
		"OthersMove":   {"those that meet stay in order", []route.Matcher{echo, fox, deeper}, []int{1, 0, 2}, false},
		"OneFarAway":   {"/echo comes behind what it fits", []route.Matcher{echo, fox, deeper}, []int{1, 2, 0}, true},
		"Regex":        {"it may fit", []route.Matcher{at(route.Regex, "/e.*"), fox}, []int{1, 0}, true},
		"RegexSecond":  {"likewise", []route.Matcher{fox, at(route.Regex, "/e.*")}, []int{1, 0}, true},
		"AnyCase":      {"/fox fits both", []route.Matcher{anyCase, fox}, []int{1, 0}, true},
		"AnyCaseAfter": {"likewise", []route.Matcher{fox, anyCase}, []int{1, 0}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := route.Table{}
			for _, m := range c.routes {
				table.Routes = append(table.Routes, route.Route{Matchers: []route.Matcher{m}})
			}
			if got := table.Differs(c.order); got != c.want {
				t.Errorf("%s\nDiffers(%v) = %t, want %t", c.reason, c.order, got, c.want)
			}
		})
	}
	large := route.Table{Routes: make([]route.Route, 100)}
	order := make([]int, len(large.Routes))
	for i := range order {
		large.Routes[i].Matchers, order[i] = []route.Matcher{echo}, len(order)-1-i
	}
	if !large.Differs(order) {
		t.Error("a large table in another order does not differ")
	}
}
