package route

import (
	"slices"
	"testing"
)

// A value fits the expressions of which it is said, and a text those that it does.
func TestValueMeets(t *testing.T) {
	t.Parallel()
	low, any := Header{Value: "[a-c]", Regex: true}, Header{Value: ".*", Regex: true}
	cases := map[string]struct {
		h    Header
		v    value
		want bool
	}{
		"Absent":    {low, value{absent: true}, false},
		"Other":     {low, value{}, false},
		"OtherFits": {low, value{fits: []string{"[a-c]"}}, true},
		"FitsOther": {low, value{fits: []string{"[x-z]"}}, false},
		"Text":      {low, value{text: "b"}, true},
		"OtherText": {low, value{text: "d"}, false},
		"Anything":  {any, value{}, true},
		"Equal":     {Header{Value: "a."}, value{text: "a."}, true},
		"Unequal":   {Header{Value: "a."}, value{text: "ab"}, false},
	}
	for name, c := range cases {
		if got := c.h.meets(c.v); got != c.want {
			t.Errorf("%s: meets() = %t", name, got)
		}
		c.h.Invert = true
		if got := c.h.meets(c.v); got != (!c.want && !c.v.absent) {
			t.Errorf("%s: meets() = %t if inverted", name, got)
		}
	}
}

// Words are compared as they are, and an expression has those that it fits besides.
func TestMethodsAmong(t *testing.T) {
	t.Parallel()
	asked := []string{"GET", "POST", "P.*"}
	for name, c := range map[string]struct{ methods, want []string }{
		"None":       {nil, nil},
		"Words":      {[]string{"GET"}, []string{"GET"}},
		"Expression": {[]string{"P.*"}, []string{"P.*", "POST"}},
		"Fault":      {[]string{"P("}, []string{"P("}},
	} {
		if got := (Matcher{Methods: c.methods}).methodsAmong(asked); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
