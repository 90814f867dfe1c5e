package gloo

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/route"
)

func TestBadPath(t *testing.T) {
	t.Parallel()
	const odd, escape = "has characters that no path may have", "has % without two hexadecimal digits"
	for text, want := range map[string]string{
		"": "", "/": "", "/a/b.c": "", "/..a": "", "/a..": "", "/a%20b": "", "/%2e": "", "*": "",
		"%": escape, "/a%2": escape, "/a b": odd, "/é": odd, "/a?b": odd, "/[a]": odd,
		"/a//b": "has //", "/./": "has /./", "/../a": "has /../", "/%2f": "has %2f",
		"/a/.": "ends in /.", "/a/..": "ends in /..",
	} {
		if got := badPath(text); got != want {
			t.Errorf("badPath(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPrefixRewrite(t *testing.T) {
	t.Parallel()
	for text, bad := range map[string]bool{
		"": false, "/a": false, "/a?b=c": false, "/a#b": false, "http://x/a": false,
		"/a//b": true, "/a b": true, "/%zz": true, "a/../b": true,
		"/a%20b": true, // Gloo looks at the path as it is unescaped
	} {
		var f faults
		f.prefixRewrite(text, "f", "")
		if got := len(f.list) > 0; got != bad {
			t.Errorf("prefixRewrite(%q): %v, want a fault: %t", text, f.list, bad)
		}
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fact.Reach{
		"1s": "", "0": "", "0s": "", "1m30s": "", "1.5h": "", "500ms": "", "-1s": fact.ReachAll, "": fact.ReachKind,
		"1": fact.ReachKind, "soon": fact.ReachKind, "1 s": fact.ReachKind, "1d": fact.ReachKind,
	} {
		var f faults
		f.duration(&text, "f", "")
		var got fact.Reach
		if len(f.list) > 0 {
			got = f.list[0].Reach
		}
		if got != want {
			t.Errorf("duration(%q) = %q, want %q", text, got, want)
		}
	}
	var f faults
	f.duration(nil, "f", "")
	if len(f.list) > 0 {
		t.Errorf("a duration that is not there: %v", f.list)
	}
}

func TestRegexes(t *testing.T) {
	t.Parallel()
	classes := make([]string, 300)
	for i := range classes {
		classes[i] = fmt.Sprintf(`\pL{%d}`, i+1)
	}
	folded := make([]string, 100)
	for i := range folded {
		folded[i] = fmt.Sprintf(`(?i)[B-\x{1e942}]{%d}`, i+1)
	}
	same := make([]string, 5000)
	for i := range same {
		same[i] = "(a|b)+"
	}
	for name, tc := range map[string]struct {
		reason string
		texts  []string
		want   fact.FaultKind
	}{
		"Plain":     {"is not parsed", []string{"GET", strings.Repeat("a", maxRegex)}, ""},
		"Empty":     {"Envoy asks for a text", []string{""}, fact.BadRegex},
		"LookAhead": {"is Perl's", []string{"a(?!b)"}, fact.BadRegex},
		"Named":     {"is RE2's, too", []string{"(?P<a>b)"}, ""},
		"Long":      {"is beyond the bound", []string{strings.Repeat("a", maxRegex+1)}, fact.LargeRegex},
		"AtBound":   {"just fits", []string{strings.Repeat("a", maxRegex-1) + "."}, ""},
		"Same":      {"is parsed once", same, ""},
		"Classes":   {"cost more than their text", classes, fact.LargeRegex},
		"Folded":    {"cost more than their text", folded, fact.LargeRegex},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f faults
			for _, text := range tc.texts {
				f.regex(text, fact.ReachAll, func() string { return "f" })
			}
			var got fact.FaultKind
			if len(f.list) > 0 {
				got = f.list[0].Kind
			}
			if got != tc.want {
				t.Errorf("%s\nregex() finds %q, want %q", tc.reason, got, tc.want)
			}
			if len(f.list) > fact.MaxFaults {
				t.Errorf("%d faults are kept", len(f.list))
			}
		})
	}
}

// TestFaultsCostNothing: a table without faults needs no memory for them.
func TestFaultsCostNothing(t *testing.T) {
	table := decode[RouteTable](t, `
spec:
  routes:
  - matchers:
    - {prefix: /echo, headers: [{name: stage, value: canary}], queryParameters: [{name: q}], methods: [GET, POST]}
    routeAction: {multi: {destinations: [{weight: 1, destination: {upstream: {name: echo}}}]}}
    options: {timeout: 5s, prefixRewrite: /x, retries: {perTryTimeout: 1s}}`)
	read := readRouteTable(table)
	at := fieldsOf(tableRoutes, 0)
	if n := testing.AllocsPerRun(100, func() {
		var f faults
		f.route(&table.Spec.Routes[0], &read.Routes[0], &at)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPlannedFaults(t *testing.T) {
	t.Parallel()
	got := planned([]route.Route{
		{Field: "a", Matchers: []route.Matcher{{Path: route.Path{Kind: route.Exact, Value: "/a//b"}}}},
		{Field: "b", Weighted: true, DestinationsField: "b.list", Destinations: []route.Destination{{}}},
	})
	want := []fact.Fault{
		{
			Kind: fact.BadPath, Reach: fact.ReachChecked, Field: "a.matchers[0].exact", Value: "/a//b", Why: "has //",
			Path: true,
		},
		{Kind: fact.NoWeight, Reach: fact.ReachAll, Field: "b.list"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestEntriesBeside(t *testing.T) {
	t.Parallel()
	entry := func(ssl string) *fact.Entry {
		return decode[VirtualService](t, "spec: {sslConfig: "+ssl+"}").entry()
	}
	for name, tc := range map[string]struct {
		a, b string
		want bool
	}{
		"Plain":     {"null", "null", true},
		"TLS":       {"{secretRef: {name: a}}", "null", false},
		"EmptyTLS":  {"{}", "null", false},
		"Same":      {"{secretRef: {name: a, namespace: echo}}", "{secretRef: {namespace: echo, name: a}}", true},
		"OtherName": {"{secretRef: {name: a}, sniDomains: [one]}", "{secretRef: {name: a}, sniDomains: [two]}", true},
		"OneName":   {"{secretRef: {name: a}, sniDomains: [one, two]}", "{secretRef: {name: b}, sniDomains: [two]}", true},
		"AnyCase":   {"{secretRef: {name: a}, sniDomains: [One]}", "{secretRef: {name: b}, sniDomains: [one]}", true},
		"AllNames":  {"{secretRef: {name: a}}", "{secretRef: {name: b}}", true},
		"SomeNames": {"{secretRef: {name: a}}", "{secretRef: {name: b}, sniDomains: [two]}", true},
		"NoName":    {"{secretRef: {name: a}, sniDomains: [one]}", "{secretRef: {name: b}, sniDomains: [two]}", true},
	} {
		if a, b := entry(tc.a), entry(tc.b); a.Beside(b) != tc.want || b.Beside(a) != tc.want {
			t.Errorf("%s: %+v beside %+v must be %t", name, a, b, tc.want)
		}
	}
}
