package route_test

import (
	"slices"
	"testing"

	"aviary.dev/route"
)

func TestHeaderString(t *testing.T) {
	t.Parallel()
	for want, h := range map[string]route.Header{
		"stage":           {Name: "stage"},
		"no stage":        {Name: "stage", Invert: true},
		"stage=canary":    {Name: "stage", Value: "canary"},
		"no stage=canary": {Name: "stage", Value: "canary", Invert: true},
	} {
		if got := h.String(); got != want {
			t.Errorf("%#v.String() = %q, want %q", h, got, want)
		}
	}
}

// TestFolded: what every path begins with that an expression fits, in lower case.
func TestFolded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/Echo": "/echo", "/echo/.*": "/echo/", "^/echo": "/echo", "(?i)/Echo": "/echo", "/(echo)/x": "/echo/x",
		"/(e+)cho": "/e", "/(?:ab)+c": "/ab", "/e?cho": "/", "(?i)/é": "/", "/É": "/é", "/e(": "",
		"(?m)^/echo": "/echo", "/(?:ec(?:ho)?)x": "/ec", "[a-z]": "",
		"(?i)/(E(ch)o)/x": "/echo/x", "(?i)/\x7fE": "/\x7fe", "(?i)/\u5b57": "/\u5b57",
	} {
		if got := (route.Path{Kind: route.Regex, Value: text}).Folded(); got != want {
			t.Errorf("Folded() of %s = %q, want %q", text, got, want)
		}
	}
}

// TestRestKeys: under these keys stand the paths that may fit a part of what the path does, each once.
func TestRestKeys(t *testing.T) {
	t.Parallel()
	cases := map[route.Path][]string{
		{Kind: route.Prefix, Value: "/a/b"}:      {"/", "/a", "/a/b", "~~", "~~/a"},
		{Kind: route.Regex, Value: "/x/(a|b/c)"}: {"/", "/x", "/x/a", "/x/b", "/x/b/c", "~/x/(a|b/c)", "~~", "~~/x"},
	}
	for p, want := range cases {
		if got := p.RestKeys(); !slices.Equal(got, want) {
			t.Errorf("RestKeys() of %s = %q, want %q", p, got, want)
		}
	}
}

func TestBackendEqual(t *testing.T) {
	t.Parallel()
	v1 := backend("Group", "echo", "v1")
	cases := map[string]struct {
		b, o *route.Backend
		want bool
	}{
		"same":          {v1, v1, true},
		"alike":         {v1, backend("Group", "echo", "v1"), true},
		"none":          {nil, nil, true},
		"one":           {v1, nil, false},
		"other kind":    {v1, backend("Service", "echo", "v1"), false},
		"other name":    {v1, backend("Group", "fox", "v1"), false},
		"other version": {v1, backend("Group", "echo", "v2"), false},
		"other word":    {&route.Backend{Opaque: "consul"}, &route.Backend{Opaque: "aws"}, false},
	}
	for name, c := range cases {
		if got := c.b.Equal(c.o); got != c.want || c.o.Equal(c.b) != c.want {
			t.Errorf("%s: Equal() = %t, want %t both ways", name, got, c.want)
		}
	}
}

// TestInherit: a route's own word holds, and the parent's where it says nothing.
func TestInherit(t *testing.T) {
	t.Parallel()
	for _, parent := range []route.Inherit{route.Unsaid, route.No, route.Yes} {
		if got := route.Unsaid.Or(parent); got != parent {
			t.Errorf("Unsaid.Or(%d) = %d", parent, got)
		}
		if route.No.Or(parent) != route.No || route.Yes.Or(parent) != route.Yes {
			t.Errorf("the parent's word %d holds against the route's own", parent)
		}
	}
}

func TestByAnother(t *testing.T) {
	t.Parallel()
	for kind, want := range map[route.ObstacleKind]bool{
		route.Shadowed: true, route.Hanging: true, route.Overtaken: true, route.Outsorted: true, route.Unsure: true,
		route.Pathless: false, route.Lone: false, route.Absent: false, route.Forgetful: false, route.Overwritten: false,
	} {
		if got := (route.Obstacle{Kind: kind}).ByAnother(); got != want {
			t.Errorf("%s: ByAnother() = %t, want %t", kind, got, want)
		}
	}
}
