package route_test

import (
	"strings"
	"testing"

	"aviary.dev/route"
)

func TestCovers(t *testing.T) {
	t.Parallel()
	prefix := func(p string) route.Matcher { return route.Matcher{Path: route.Path{Kind: route.Prefix, Value: p}} }
	exact := func(p string) route.Matcher { return route.Matcher{Path: route.Path{Kind: route.Exact, Value: p}} }
	regex := func(p string) route.Matcher { return route.Matcher{Path: route.Path{Kind: route.Regex, Value: p}} }
	with := func(m route.Matcher, change func(*route.Matcher)) route.Matcher { change(&m); return m }
	headers := func(h ...route.Header) func(*route.Matcher) { return func(m *route.Matcher) { m.Headers = h } }
	query := func(h ...route.Header) func(*route.Matcher) { return func(m *route.Matcher) { m.Query = h } }
	methods := func(s ...string) func(*route.Matcher) { return func(m *route.Matcher) { m.Methods = s } }
	anyCase := func(m *route.Matcher) { m.CaseInsensitive = true }
	stage := route.Header{Name: "stage", Value: "canary"}

	cases := map[string]struct {
		reason string
		m, o   route.Matcher
		want   bool
	}{
		"SamePrefix":    {"a matcher covers itself", prefix("/echo"), prefix("/echo"), true},
		"LongerPrefix":  {"each request below fits", prefix("/echo"), prefix("/echo/v2"), true},
		"NoSegments":    {"Envoy's prefix is plain text", prefix("/echo"), prefix("/echoes"), true},
		"ShorterPrefix": {"/ec fits more than /echo", prefix("/echo"), prefix("/ec"), false},
		"PrefixExact":   {"an exact path has that prefix", prefix("/echo"), exact("/echo"), true},
		"ExactPrefix":   {"a prefix fits more than one path", exact("/echo"), prefix("/echo"), false},
		"PrefixRegex":   {"all that fits begins so", prefix("/echo"), regex("/echo/.*"), true},
		"PrefixChoice":  {"some of it does not", prefix("/echo"), regex("/(echo|fox)"), false},
		"PrefixLonger":  {"what follows may be anything", prefix("/echo/v1"), regex("/echo/v[0-9]"), false},
		"PrefixBetween": {"whatever lies between", prefix("/echo/"), regex("/echo/.*/x/.*"), true},
		"PrefixNoRegex": {"nothing is known of it", prefix("/echo"), regex("/echo("), false},
		"ExactRegex":    {"it fits that path alone", exact("/echo"), regex("/echo"), true},
		"ExactOrMore":   {"it fits another one, too", exact("/echo"), regex("/echo/?"), false},
		"PrefixAnyCase": {"the expression says that case does not count", prefix("/echo"), regex("(?i)/echo"), false},
		"AnyCasePrefix": {"in its case as well", with(prefix("/ECHO"), anyCase), regex("/echo/v[0-9]"), true},
		"AnyCaseBoth":   {"whatever their case is", with(prefix("/ECHO"), anyCase), regex("(?i)/Echo/v[0-9]"), true},
		"AnyCaseOther":  {"/ec is shorter", with(prefix("/ECHO"), anyCase), regex("/ec[a-z]+"), false},
		"RootRegex":     {"every path begins with /", prefix("/"), regex(".*"), true},
		"EmptyPrefix":   {"as /", prefix(""), prefix("/echo"), true},
		"RootConnect": {
			"CONNECT has no path", prefix("/"), route.Matcher{Path: route.Path{Kind: route.Connect}}, false,
		},
		"NoPath": {"no path is any path", route.Matcher{}, exact("/echo"), true},
		"NoPathConnect": {
			"CONNECT has no path", route.Matcher{}, route.Matcher{Path: route.Path{Kind: route.Connect}}, false,
		},
		"SameRegex":      {"equal text", regex("/e.*"), regex("/e.*"), true},
		"OtherRegex":     {"only what they begin with is compared", regex("/[a-z]*"), regex("/e[a-z]"), false},
		"OpenRegex":      {"all that begins with the text", regex("/echo/.*"), regex("/echo/v[0-9]+/.*"), true},
		"RegexOfPrefix":  {"it fits all that begins so", regex("/echo.*"), prefix("/echo"), true},
		"SegmentOnly":    {"not /echoes", regex("/echo(/.*)?"), prefix("/echo"), false},
		"Choice":         {"one of two prefixes", regex("/(echo|eco)/.*"), prefix("/eco/"), true},
		"OneOfChoice":    {"only one of two prefixes", prefix("/eco/"), regex("/(echo|eco)/.*"), false},
		"RegexOfExact":   {"it fits the path", regex("/echo/[a-z]"), exact("/echo/x"), true},
		"NotOfExact":     {"it does not", regex("/echo/[a-z]"), exact("/echo/7"), false},
		"Rewritten":      {"the same digits", regex("/echo/([0-9]+)"), regex(`/echo/(\d+)`), true},
		"Lazy":           {"it has to fit the whole, anyway", regex("/e.+/[a-z]+?"), regex("/e.+?/[a-z]+"), true},
		"Anchored":       {"anchors are implied", regex("^/echo.*$"), prefix("/echo"), true},
		"HeaderRoute":    {"it asks for more, so it hides less", with(prefix("/"), headers(stage)), prefix("/"), false},
		"BehindCatchAll": {"the header route is dead", prefix("/"), with(prefix("/"), headers(stage)), true},
		"HeaderNameCase": {
			"HTTP ignores the case of names", with(prefix("/"), headers(route.Header{Name: "Stage", Value: "canary"})),
			with(prefix("/"), headers(stage)), true,
		},
		"HeaderValueCase": {
			"but not that of values", with(prefix("/"), headers(route.Header{Name: "stage", Value: "Canary"})),
			with(prefix("/"), headers(stage)), false,
		},
		"Presence": {
			"a value implies presence", with(prefix("/"), headers(route.Header{Name: "stage"})),
			with(prefix("/"), headers(stage)), true,
		},
		"PresenceOfAbsent": {
			"must not be there", with(prefix("/"), headers(route.Header{Name: "stage"})),
			with(prefix("/"), headers(route.Header{Name: "stage", Invert: true})), false,
		},
		"Inverted": {
			"the opposite", with(prefix("/"), headers(stage)),
			with(prefix("/"), headers(route.Header{Name: "stage", Value: "canary", Invert: true})), false,
		},
		"FewerHeaders": {
			"a subset of the conditions", with(prefix("/"), headers(stage)),
			with(prefix("/"), headers(stage, route.Header{Name: "x", Value: "1"})), true,
		},
		"QueryNameCase": {
			"names of parameters have case", with(prefix("/"), query(route.Header{Name: "A"})),
			with(prefix("/"), query(route.Header{Name: "a"})), false,
		},
		"Query": {
			"equal", with(prefix("/"), query(route.Header{Name: "a"})),
			with(prefix("/"), query(route.Header{Name: "a", Value: "1"})), true,
		},
		"Methods": {
			"GET is one of them", with(prefix("/"), methods("GET", "POST")),
			with(prefix("/"), methods("GET")), true,
		},
		"MoreMethods": {
			"PUT is none of them", with(prefix("/"), methods("GET")),
			with(prefix("/"), methods("GET", "PUT")), false,
		},
		"MethodsRegex": {
			"it fits both", with(prefix("/"), methods("GET|P.+")), with(prefix("/"), methods("GET", "PUT")), true,
		},
		"MethodsRegexOfMore": {
			"it fits one of them", with(prefix("/"), methods("P.+")), with(prefix("/"), methods("GET", "PUT")), false,
		},
		"MethodsEqual": {
			"whatever they fit", with(prefix("/"), methods("G.T", "PUT")), with(prefix("/"), methods("G.T", "PUT")), true,
		},
		"MethodsRegexes": {
			"not known of two", with(prefix("/"), methods(".*")), with(prefix("/"), methods("G.T")), false,
		},
		"MethodsRegexByWord": {
			"G.T is no method", with(prefix("/"), methods("GET")), with(prefix("/"), methods("G.T")), false,
		},
		"MethodsJoined": {
			"A(|B|)C does not fit B", with(prefix("/"), methods("A(", "B", ")C")), with(prefix("/"), methods("B")), false,
		},
		"ManyMethods": {
			"not tried on so many", with(prefix("/"), methods(".*")),
			with(prefix("/"), methods(strings.Repeat("POST", 4000))), false,
		},
		"LongWords": {
			"words are compared as text", with(prefix("/"), methods("GET", strings.Repeat("POST", 300))),
			with(prefix("/"), methods("GET")), true,
		},
		"NoMethods":           {"they take every one", prefix("/"), with(prefix("/"), methods("GET")), true},
		"AnyMethod":           {"others have more methods", with(prefix("/"), methods("GET")), prefix("/"), false},
		"CaseInsensitive":     {"covers the same text in any case", with(prefix("/Echo"), anyCase), prefix("/echo/x"), true},
		"CaseSensitive":       {"does not fit /ECHO", prefix("/echo"), with(prefix("/echo"), anyCase), false},
		"CaseSensitiveRoot":   {"/ has no case", prefix("/"), with(prefix("/echo"), anyCase), true},
		"CaseInsensitiveText": {"regular expressions keep their case", with(regex(`/\D`), anyCase), regex(`/\d`), false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.m.Covers(tc.o); got != tc.want {
				t.Errorf("%s\n(%v).Covers(%v) = %t, want %t", tc.reason, tc.m, tc.o, got, tc.want)
			}
		})
	}
}

func TestShadowed(t *testing.T) {
	t.Parallel()
	echo := route.Matcher{Path: route.Path{Kind: route.Prefix, Value: "/echo"}}
	fox := route.Matcher{Path: route.Path{Kind: route.Prefix, Value: "/fox"}}
	cases := map[string]struct {
		reason     string
		r, earlier []route.Matcher
		want       bool
	}{
		"Equal":         {"the first one takes all", []route.Matcher{echo}, []route.Matcher{echo}, true},
		"OneOfTwo":      {"/fox still gets through", []route.Matcher{echo, fox}, []route.Matcher{echo}, false},
		"Both":          {"each is covered by one", []route.Matcher{echo, fox}, []route.Matcher{fox, echo}, true},
		"AfterCatchAll": {"no matchers is every request", []route.Matcher{echo}, nil, true},
		"CatchAll":      {"and needs more than /echo", nil, []route.Matcher{echo}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := route.Table{Routes: []route.Route{{Matchers: tc.earlier, Action: "a"}, {Matchers: tc.r, Action: "b"}}}
			if got := table.Obstacles(route.AsWritten{}); (len(got) > 0) != tc.want {
				t.Errorf("%s\nObstacles() = %v, want some: %t", tc.reason, got, tc.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	const echo, fox = "echo", "fox"
	v := func(name, version string) route.Destination {
		if name == "" {
			return route.Destination{Backend: &route.Backend{Opaque: "consul", Labels: map[string]string{"version": version}}}
		}
		return route.Destination{Backend: backend("Group", name, version)}
	}
	cases := map[string]struct {
		reason   string
		weighted bool
		to       []route.Destination
		want     bool
	}{
		"Versions": {"one backend, two versions", true, []route.Destination{v(echo, "v1"), v(echo, "v2")}, true},
		"OneNamed": {
			"one subset is enough: the other one leaks", true, []route.Destination{v(echo, ""), v(echo, "v2")}, true,
		},
		"FirstNamed":   {"whichever it is", true, []route.Destination{v(echo, "v1"), v(echo, "")}, true},
		"NoneNamed":    {"no version at all", true, []route.Destination{v(echo, ""), v(echo, "")}, false},
		"TwoUpstreams": {"a split over services", true, []route.Destination{v(echo, "v1"), v(fox, "v2")}, false},
		"OtherKind":    {"nothing can be looked up", true, []route.Destination{v("", "v1")}, false},
		"Single":       {"no weights", false, []route.Destination{v(echo, "v1")}, false},
		"Empty":        {"an empty list", true, nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (route.Route{Weighted: tc.weighted, Destinations: tc.to}).Split(); got != tc.want {
				t.Errorf("%s\nSplit() = %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}

func TestReceives(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		weighted bool
		weight   route.Weight
		want     bool
	}{
		"Single":    {false, route.Weight{}, true},
		"Missing":   {true, route.Weight{}, false},
		"Defaulted": {true, route.Weight{Value: 1}, true},
		"Zero":      {true, route.WeightOf(0), false},
		"Some":      {true, route.WeightOf(1), true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := route.Route{Weighted: tc.weighted}
			if got := r.Receives(route.Destination{Weight: tc.weight}); got != tc.want {
				t.Errorf("Receives() = %t, want %t", got, tc.want)
			}
		})
	}
}

func TestLess(t *testing.T) {
	t.Parallel()
	sorted := []route.Ref{{Namespace: "a", Name: "y"}, {Namespace: "a", Name: "z"}, {Namespace: "b", Name: "x"}}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := a.Less(b); got != (i < j) {
				t.Errorf("%s.Less(%s) = %t", a, b, got)
			}
		}
	}
}

func TestPathString(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]route.Path{
		"/echo":  {Kind: route.Prefix, Value: "/echo"},
		"=/echo": {Kind: route.Exact, Value: "/echo"},
		"~/e.*":  {Kind: route.Regex, Value: "/e.*"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%#v.String() = %q, want %q", p, got, want)
		}
	}
}
