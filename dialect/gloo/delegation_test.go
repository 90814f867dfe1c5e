package gloo

import (
	"testing"

	"aviary.dev/route"
)

func TestAdmits(t *testing.T) {
	t.Parallel()
	stage := route.Header{Name: "stage", Value: "canary"}
	at := func(kind route.PathKind, path string) route.Matcher {
		return route.Matcher{Path: route.Path{Kind: kind, Value: path}}
	}
	parent := func(m route.Matcher) delegation { return delegation{matchers: []route.Matcher{m}} }
	echo := at(route.Prefix, "/echo")
	staged, posting, anyCase := echo, echo, echo
	staged.Headers, posting.Methods, anyCase.CaseInsensitive = []route.Header{stage}, []string{"POST"}, true
	cases := map[string]struct {
		reason string
		d      delegation
		r      route.Route
		m      route.Matcher
		want   bool
	}{
		"NoMatcher": {"stands for /", delegation{}, route.Route{}, echo, true},
		"Text":      {"/echo admits /echoes", parent(echo), route.Route{}, at(route.Exact, "/echoes"), true},
		"Regex":     {"a matcher without a path stands for /", parent(route.Matcher{}), route.Route{}, at(route.Regex, ".*/echo"), false},
		"OtherPath": {"not beneath", parent(echo), route.Route{}, at(route.Prefix, "/fox"), false},
		"NoPath":    {"has no text", delegation{}, route.Route{}, route.Matcher{Headers: []route.Header{stage}}, false},
		"Inherits": {
			"takes the parent's path", delegation{}, route.Route{InheritsPath: route.Yes}, route.Matcher{}, true,
		},
		"ParentSays": {
			"for all that say nothing", delegation{inheritsPath: route.Yes}, route.Route{}, route.Matcher{}, true,
		},
		"ChildDeclines": {
			"its own word counts",
			delegation{inheritsPath: route.Yes},
			route.Route{InheritsPath: route.No},
			route.Matcher{},
			false,
		},
		"Headers":      {"must be repeated", parent(staged), route.Route{}, echo, false},
		"HeadersAgain": {"are repeated", parent(staged), route.Route{}, staged, true},
		"HeadersTaken": {"are taken", parent(staged), route.Route{Inherits: route.Yes}, echo, true},
		"Methods":      {"must be repeated", parent(posting), route.Route{}, echo, false},
		"Case":         {"must be the same", parent(anyCase), route.Route{}, echo, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.d.admits(tc.r, tc.m); got != tc.want {
				t.Errorf("%s\nadmits() = %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}
