package convention_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// badPath is said of paths that are none.
const badPath = " must be /prefix, =/exact or ~regex, of at most 512 characters that a URL path may hold; " +
	"for example /echo"

func TestReadPathTexts(t *testing.T) {
	t.Parallel()
	testRead(t, map[string]readCase{
		"Paths": {"all kinds", "", map[string]string{"paths": `/echo, =/exact,~/v[0-9]{1\,3}/.*`}, nil},
		"PathsRelative": {"a path begins with /", "", map[string]string{"paths": "echo"}, []string{
			at + `paths]: "echo"` + badPath,
		}},
		"PathsEmpty": {"no path is no route", "", map[string]string{"paths": ""}, []string{
			at + `paths]: ""` + badPath,
		}},
		"PathsQuery": {"not part of a path", "", map[string]string{"paths": "/a?b=c"}, []string{
			at + `paths]: "/a?b=c"` + badPath,
		}},
		"PathsDouble": {"Gloo refuses it", "", map[string]string{"paths": "/a//b"}, []string{
			at + `paths]: "/a//b" must not contain //; for example /echo`,
		}},
		"PathsDots": {"Gloo refuses it", "", map[string]string{"paths": "/a/../b"}, []string{
			at + `paths]: "/a/../b" must not contain /../; for example /echo`,
		}},
		"PathsEndDots": {"Gloo refuses it", "", map[string]string{"paths": "/a/.."}, []string{
			at + `paths]: "/a/.."` + badPath,
		}},
		"PathsSlash": {"Gloo refuses it", "", map[string]string{"paths": "/a%2Fb"}, []string{
			at + `paths]: "/a%2Fb" must not contain %2f; for example /echo`,
		}},
		"PathsRegex": {"RE2", "", map[string]string{"paths": "~/(a"}, []string{
			at + `paths]: "~/(a" must be an RE2 expression of 1 to 256 characters; for example /echo`,
		}},
		"PathsRegexEmpty": {"fits nothing", "", map[string]string{"paths": "~"}, []string{
			at + `paths]: "~" must be an RE2 expression of 1 to 256 characters; for example /echo`,
		}},
		"PathsTwice": {"a slip", "", map[string]string{"paths": "/a,/b,/a"}, []string{
			at + `paths]: "/a,/b,/a" must name each path once: "/a" stands twice; for example /echo`,
		}},
		"PathsMany": {"a limit", "", map[string]string{"paths": manyPaths(33)}, []string{
			at + `paths]: must name at most 32 paths, not 33; for example /echo`,
		}},
		"Paths32":  {"the limit itself", "", map[string]string{"paths": manyPaths(32)}, nil},
		"PathLong": {"the limit itself", "", map[string]string{"paths": "/" + strings.Repeat("a", 511)}, nil},
		"PathTooLong": {"above it", "", map[string]string{"paths": "/" + strings.Repeat("a", 512)}, []string{
			at + `paths]: "/` + strings.Repeat("a", 59) + `…"` + badPath,
		}},
		"PathRegexLong": {"the limit itself", "", map[string]string{"paths": "~" + strings.Repeat("a", 256)}, nil},
		"PathRegexLonger": {"above it", "", map[string]string{"paths": "~" + strings.Repeat("a", 257)}, []string{
			at + `paths]: "~` + strings.Repeat("a", 59) +
				`…" must be an RE2 expression of 1 to 256 characters; for example /echo`,
		}},
		"PathsBackslash": {"it escapes nothing", "", map[string]string{"paths": `/a\`}, []string{
			at + `paths]: "/a\\"` + badPath,
		}},
	})
}

func manyPaths(n int) string {
	var parts []string
	for i := range n {
		parts = append(parts, "/"+strings.Repeat("a", i+1))
	}
	return strings.Join(parts, ",")
}

func TestReadPaths(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, text string
		want         []route.Path
	}{
		"Order": {"exact, regex, longer prefix first", "/a,~/r.*,=/z,/a/b,/", []route.Path{
			{Kind: route.Exact, Value: "/z"},
			{Kind: route.Regex, Value: "/r.*"},
			{Kind: route.Prefix, Value: "/a/b"},
			{Kind: route.Prefix, Value: "/a"},
			{Kind: route.Prefix, Value: "/"},
		}},
		"Comma": {`a comma in a regex is written \,`, `~/a{1\,2},/b`, []route.Path{
			{Kind: route.Regex, Value: "/a{1,2}"}, {Kind: route.Prefix, Value: "/b"},
		}},
		"Escape": {"a backslash before anything else stays", `~/\d+`, []route.Path{{Kind: route.Regex, Value: `/\d+`}}},
		"Spaces": {"around each are dropped", " /a , /b ", []route.Path{
			{Kind: route.Prefix, Value: "/a"}, {Kind: route.Prefix, Value: "/b"},
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deployment(t, "echo-v1", map[string]string{convention.KeyApp: "echo", convention.KeyPaths: tc.text})
			v, findings := convention.Read(d, convention.DefaultLabelKeys())
			if diff := cmp.Diff(tc.want, v.Paths); diff != "" || len(findings) > 0 {
				t.Errorf("%s\nRead(): findings %v, paths -want +got:\n%s", tc.reason, findings, diff)
			}
		})
	}
}
