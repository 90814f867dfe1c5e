package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/route"
)

func at(kind route.PathKind, value string) route.Matcher {
	return route.Matcher{Path: route.Path{Kind: kind, Value: value}}
}

func TestPathKeys(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		path  route.Path
		key   string
		above []string
	}{
		"Root":       {route.Path{Kind: route.Prefix, Value: "/"}, "/", nil},
		"Empty":      {route.Path{Kind: route.Prefix}, "/", nil},
		"OneSegment": {route.Path{Kind: route.Prefix, Value: "/Echo/"}, "/echo", nil},
		"Deep":       {route.Path{Kind: route.Exact, Value: "/a/b/c"}, "/a/b/c", []string{"/a/b", "/a"}},
		"Regex":      {route.Path{Kind: route.Regex, Value: "/A/.*"}, "~/A/.*", nil},
		"NoPath":     {route.Path{}, "", nil},
		"Connect":    {route.Path{Kind: route.Connect}, "", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.path.Key(); got != tc.key {
				t.Errorf("Key() = %q, want %q", got, tc.key)
			}
			if diff := cmp.Diff(tc.above, tc.path.Above()); diff != "" {
				t.Errorf("Above(): -want +got:\n%s", diff)
			}
		})
	}
}

func TestPathRelations(t *testing.T) {
	t.Parallel()
	anyCase := at(route.Prefix, "/ECHO")
	anyCaseBelow := at(route.Prefix, "/ECHO/x")
	anyCase.CaseInsensitive, anyCaseBelow.CaseInsensitive = true, true
	cases := map[string]struct {
		reason        string
		m, o          route.Matcher
		same, beneath bool
	}{
		"Equal":         {"the same text", at(route.Prefix, "/echo"), at(route.Prefix, "/echo"), true, false},
		"ExactOfPrefix": {"an exact path is one of the prefix's", at(route.Exact, "/echo"), at(route.Prefix, "/echo"), true, false},
		"Slash":         {"all but one request beneath", at(route.Prefix, "/echo/"), at(route.Prefix, "/echo"), true, false},
		"Case":          {"paths have case", at(route.Prefix, "/Echo"), at(route.Prefix, "/echo"), false, false},
		"AnyCase":       {"unless one has not", anyCase, at(route.Prefix, "/echo"), true, false},
		"AnyCaseUnder":  {"beneath as well", at(route.Prefix, "/echo/x"), anyCase, false, true},
		"CaseUnderAny":  {"whichever of them it is", anyCaseBelow, at(route.Prefix, "/echo"), false, true},
		"ExactBeneath":  {"an exact path, too", at(route.Exact, "/echo/x"), at(route.Prefix, "/echo"), false, true},
		"Beneath":       {"by segment", at(route.Prefix, "/echo/x"), at(route.Prefix, "/echo"), false, true},
		"LongerWord":    {"not by text", at(route.Prefix, "/echoes"), at(route.Prefix, "/echo"), false, false},
		"Above":         {"the other way round", at(route.Prefix, "/echo"), at(route.Prefix, "/echo/x"), false, false},
		"BeneathExact":  {"an exact path has nothing beneath", at(route.Prefix, "/echo/x"), at(route.Exact, "/echo"), false, false},
		"Root":          {"nothing counts as beneath /", at(route.Prefix, "/echo"), at(route.Prefix, "/"), false, false},
		"RootTwice":     {"but / is /", at(route.Prefix, "/"), at(route.Prefix, "/"), true, false},
		"Regex":         {"equal text", at(route.Regex, "/e.*"), at(route.Regex, "/e.*"), true, false},
		"RegexOfPrefix": {"a regex is no prefix", at(route.Regex, "/echo"), at(route.Prefix, "/echo"), false, false},
		"NoPath":        {"no path is nobody's", route.Matcher{}, route.Matcher{}, false, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.m.SamePath(tc.o); got != tc.same || got != tc.o.SamePath(tc.m) {
				t.Errorf("%s\nSamePath() = %t, want %t both ways", tc.reason, got, tc.same)
			}
			if got := tc.m.Beneath(tc.o); got != tc.beneath {
				t.Errorf("%s\nBeneath() = %t, want %t", tc.reason, got, tc.beneath)
			}
		})
	}
}

func TestCompatible(t *testing.T) {
	t.Parallel()
	headers := func(h ...route.Header) route.Matcher { return route.Matcher{Headers: h} }
	methods := func(m ...string) route.Matcher { return route.Matcher{Methods: m} }
	a := route.Header{Name: "team", Value: "a"}
	cases := map[string]struct {
		reason string
		m, o   route.Matcher
		want   bool
	}{
		"Anything":      {"nothing asked", route.Matcher{}, route.Matcher{}, true},
		"OneAsks":       {"a request with the header fits both", headers(a), route.Matcher{}, true},
		"OtherValue":    {"a header has one value", headers(a), headers(route.Header{Name: "Team", Value: "b"}), false},
		"OtherName":     {"both may be there", headers(a), headers(route.Header{Name: "stage", Value: "b"}), true},
		"NotThatValue":  {"opposites", headers(a), headers(route.Header{Name: "team", Value: "a", Invert: true}), false},
		"NotOtherValue": {"a is not b", headers(a), headers(route.Header{Name: "team", Value: "b", Invert: true}), true},
		"NotThere":      {"no value at all", headers(a), headers(route.Header{Name: "team", Invert: true}), false},
		"Presence":      {"a value is there", headers(a), headers(route.Header{Name: "team"}), true},
		"Regex":         {"not known", headers(a), headers(route.Header{Name: "team", Value: "b", Regex: true}), true},
		"Methods":       {"GET fits both", methods("GET", "POST"), methods("GET"), true},
		"OtherMethods":  {"no request has two", methods("POST"), methods("GET"), false},
		"Query":         {"case counts", route.Matcher{Query: []route.Header{a}}, route.Matcher{Query: []route.Header{{Name: "Team", Value: "b"}}}, true},
		"QueryValue":    {"another value", route.Matcher{Query: []route.Header{a}}, route.Matcher{Query: []route.Header{{Name: "team", Value: "b"}}}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.m.Compatible(tc.o); got != tc.want || got != tc.o.Compatible(tc.m) {
				t.Errorf("%s\nCompatible() = %t, want %t both ways", tc.reason, got, tc.want)
			}
		})
	}
}

func TestPicks(t *testing.T) {
	t.Parallel()
	echo := route.Ref{Namespace: "echo", Name: "echo"}
	byLabel := func(namespace string, labels map[string]string) bool {
		return namespace == "echo" && labels["a"] == "b"
	}
	cases := map[string]struct {
		reason string
		d      route.Delegate
		table  route.Ref
		labels map[string]string
		want   bool
	}{
		"Named":         {"by name", route.Delegate{To: &echo}, echo, nil, true},
		"OtherName":     {"another one", route.Delegate{To: &echo}, route.Ref{Namespace: "fox", Name: "echo"}, nil, false},
		"Selected":      {"by label", route.Delegate{Selects: byLabel}, echo, map[string]string{"a": "b"}, true},
		"OtherLabel":    {"it has not", route.Delegate{Selects: byLabel}, echo, nil, false},
		"OtherSelected": {"by label, beside a name", route.Delegate{To: &route.Ref{}, Selects: byLabel}, echo, map[string]string{"a": "b"}, true},
		"Nothing":       {"a delegation that says nothing", route.Delegate{}, echo, nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.d.Picks(tc.table, tc.labels); got != tc.want {
				t.Errorf("%s\nPicks() = %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}

func TestAdmits(t *testing.T) {
	t.Parallel()
	stage := route.Header{Name: "stage", Value: "canary"}
	parent := func(m route.Matcher) route.Delegate { return route.Delegate{Matchers: []route.Matcher{m}} }
	echo := at(route.Prefix, "/echo")
	staged, posting, anyCase := echo, echo, echo
	staged.Headers, posting.Methods, anyCase.CaseInsensitive = []route.Header{stage}, []string{"POST"}, true
	cases := map[string]struct {
		reason string
		d      route.Delegate
		r      route.Route
		m      route.Matcher
		want   bool
	}{
		"NoMatcher":     {"stands for /", route.Delegate{}, route.Route{}, echo, true},
		"Text":          {"/echo admits /echoes", parent(echo), route.Route{}, at(route.Exact, "/echoes"), true},
		"Regex":         {"a matcher without a path stands for /", parent(route.Matcher{}), route.Route{}, at(route.Regex, ".*/echo"), false},
		"OtherPath":     {"not beneath", parent(echo), route.Route{}, at(route.Prefix, "/fox"), false},
		"NoPath":        {"has no text", route.Delegate{}, route.Route{}, route.Matcher{Headers: []route.Header{stage}}, false},
		"Inherits":      {"takes the parent's path", route.Delegate{}, route.Route{InheritsPath: route.Yes}, route.Matcher{}, true},
		"ParentSays":    {"for all that say nothing", route.Delegate{InheritsPath: route.Yes}, route.Route{}, route.Matcher{}, true},
		"ChildDeclines": {"its own word counts", route.Delegate{InheritsPath: route.Yes}, route.Route{InheritsPath: route.No}, route.Matcher{}, false},
		"Headers":       {"must be repeated", parent(staged), route.Route{}, echo, false},
		"HeadersAgain":  {"are repeated", parent(staged), route.Route{}, staged, true},
		"HeadersTaken":  {"are taken", parent(staged), route.Route{Inherits: route.Yes}, echo, true},
		"Methods":       {"must be repeated", parent(posting), route.Route{}, echo, false},
		"Case":          {"must be the same", parent(anyCase), route.Route{}, echo, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.d.Admits(tc.r, tc.m); got != tc.want {
				t.Errorf("%s\nAdmits() = %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}
