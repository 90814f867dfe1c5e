package route_test

import (
	"testing"

	"aviary.dev/route"
)

// TestRestByValues: the rest of a header route may be taken by several routes, for values of another header; one value
// that none of them takes leaves it without an answer.
func TestRestByValues(t *testing.T) {
	t.Parallel()
	is := func(value string) route.Header { return route.Header{Name: "team", Value: value} }
	like := func(value string) route.Header { return route.Header{Name: "Team", Value: value, Regex: true} }
	not := func(h route.Header) route.Header { h.Invert = true; return h }
	some, none := is(""), not(is(""))
	cases := map[string]struct {
		reason string
		takers []route.Header
		lone   bool
	}{
		"PresentOrNot":  {"either", []route.Header{some, none}, false},
		"Present":       {"without the header nobody answers", []route.Header{some}, true},
		"Absent":        {"with it nobody answers", []route.Header{none}, true},
		"AllValues":     {"a, others, none", []route.Header{is("a"), not(is("a")), none}, false},
		"NoneLeftOut":   {"no header is no other value", []route.Header{is("a"), not(is("a"))}, true},
		"OneValue":      {"others are left", []route.Header{is("a"), none}, true},
		"OtherValues":   {"a is left", []route.Header{not(is("a")), none}, true},
		"TwoValues":     {"c is left", []route.Header{is("a"), is("b"), none}, true},
		"Others":        {"all but a, and all but b, is all", []route.Header{not(is("a")), not(is("b")), none}, false},
		"Twice":         {"b is left", []route.Header{is("a"), is("a"), none}, true},
		"Like":          {"all or not", []route.Header{like("[a-c]"), not(like("[a-c]")), none}, false},
		"LikeOnly":      {"others are left", []route.Header{like("[a-c]"), none}, true},
		"NotLikeOnly":   {"those that fit are left", []route.Header{not(like("[a-c]")), none}, true},
		"LikeTheOne":    {"a fits", []route.Header{not(is("a")), like("[a-c]"), none}, false},
		"NotLikeTheOne": {"d does not fit", []route.Header{not(is("d")), like("[a-c]"), none}, true},
		"TheOneNotLike": {"d does not fit", []route.Header{not(is("d")), not(like("[a-c]")), none}, false},
		"LikeAfter":     {"b fits and is left", []route.Header{is("a"), not(like("[a-c]")), none}, true},
		"TwoLike":       {"one may fit neither", []route.Header{like("[a-c]"), like("[x-z]"), none}, true},
		"NeitherLike":   {"one may fit both", []route.Header{not(like("a.*")), not(like(".*b")), none}, true},
		"Anything":      {"every value", []route.Header{like(".*"), none}, false},
		"AnythingAtAll": {"every value", []route.Header{like(".+"), none}, false},
		"NotAnything":   {"no value", []route.Header{not(like(".*")), none}, true},
		"TextOfSigns":   {"a. is text, so ab is left", []route.Header{is("a."), not(is("ab")), none}, true},
		"NoExpression":  {"it fits nothing", []route.Header{like("("), none}, true},
	}
	path := at(route.Prefix, "/echo")
	to := func(version string, h ...route.Header) route.Route {
		m := path
		m.Headers = h
		return route.Route{
			Matchers: []route.Matcher{m}, Destinations: []route.Destination{{Backend: backend("Group", "echo", version)}},
		}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := route.Table{Routes: []route.Route{to("v2", route.Header{Name: "stage", Value: "canary"})}}
			for _, h := range c.takers {
				table.Routes = append(table.Routes, to("v1", h))
			}
			got := table.Rest(route.AsWritten{}, 0, 0)
			if lone := got == route.Lone; lone != c.lone || got != "" && !lone {
				t.Errorf("%s\nRest() = %q, want lone: %t", c.reason, got, c.lone)
			}
		})
	}
}

// TestMeets: a path meets the rest of another one, all of it or a part.
func TestMeets(t *testing.T) {
	t.Parallel()
	rest := at(route.Prefix, "/echo")
	for name, c := range map[string]struct {
		m    route.Matcher
		want bool
	}{
		"All":  {at(route.Prefix, "/"), true},
		"Some": {at(route.Regex, "/[a-z]+"), true},
		"None": {at(route.Prefix, "/fox"), false},
	} {
		if got := c.m.Meets(route.AsWritten{}, rest); got != c.want {
			t.Errorf("%s: Meets() = %t", name, got)
		}
	}
}
