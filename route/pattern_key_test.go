package route_test

import (
	"slices"
	"testing"

	"aviary.dev/route"
)

// TestPatternKeys: a table with a regular expression is found beside the paths that it may fit.
func TestPatternKeys(t *testing.T) {
	t.Parallel()
	at := func(kind route.PathKind, path string) route.Path { return route.Path{Kind: kind, Value: path} }
	cases := map[string]struct {
		reason  string
		regex   string
		beside  route.Path
		found   bool
		pattern string // the expression's key
	}{
		"Segment":   {"the same first one", "/echo/v[0-9]+", at(route.Prefix, "/echo"), true, "~~/echo"},
		"Case":      {"dialects differ about it", "/Echo/v[0-9]+", at(route.Exact, "/echo/x"), true, "~~/echo"},
		"Other":     {"another first one", "/fox/.*", at(route.Prefix, "/echo/x"), false, "~~/fox"},
		"AnySpace":  {"it fits /echo", "/[a-z]+", at(route.Prefix, "/echo"), true, "~~"},
		"GoesOn":    {"the name may go on", "/ec.*", at(route.Prefix, "/echo"), true, "~~"},
		"OneLetter": {"a name of one letter", "/e/.*", at(route.Prefix, "/e"), true, "~~/e"},
		"Relative":  {"what doesn't begin with / has no segment", "echo/.*", at(route.Prefix, "/echo"), true, "~~"},
		"Root":      {"/ is above everything, and no expression is looked for", "/.*", at(route.Prefix, "/"), false, "~~"},
		"NoPath":    {"there is none to fit", "/.*", at(route.NoPath, ""), false, "~~"},
		"Connect":   {"CONNECT has none", "/.*", at(route.Connect, ""), false, "~~"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := at(route.Regex, c.regex).PatternKey()
			if key != c.pattern {
				t.Errorf("PatternKey() of %s = %q, want %q", c.regex, key, c.pattern)
			}
			if got := c.beside.PatternKeys(); slices.Contains(got, key) != c.found {
				t.Errorf("%s\nPatternKeys() of %s = %q, has %q: want %t", c.reason, c.beside, got, key, c.found)
			}
		})
	}
	if key := at(route.Prefix, "/echo").PatternKey(); key != "" {
		t.Errorf("PatternKey() of a prefix = %q, want none", key)
	}
}

// TestPatternsUnder: with the keys that begin so all expressions are found that fit only what begins with the path.
func TestPatternsUnder(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/": "~~", "": "~~", "/ec": "~~/ec", "/Echo": "~~/echo", "/echo/": "~~/echo", "/echo/v1": "~~/echo",
		"/a+b/": "~~/a+b", "//x": "~~",
	} {
		if got := (route.Path{Kind: route.Prefix, Value: path}).PatternsUnder(); got != want {
			t.Errorf("PatternsUnder() of %s = %q, want %q", path, got, want)
		}
	}
}
