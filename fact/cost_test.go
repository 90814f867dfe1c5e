package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"aviary.dev/fact"
)

// What is counted of an object, and that what is written more often costs as much more memory.
func TestCost(t *testing.T) {
	t.Parallel()
	const head = "metadata: {name: t, namespace: b, labels: {a: b}}\nspec: {routes: ["
	cases := map[string]struct {
		reason, text                     string
		delegations, matchers, regexText int
	}{
		"Empty":      {"nothing but itself", "", 0, 0, 0},
		"Any":        {"a route without a matcher has one", "{}, {}", 0, 2, 0},
		"Matchers":   {"alternatives", "{matchers: [{prefix: /a}, {prefix: /b}]}", 0, 2, 0},
		"Regexes":    {"of paths, headers and parameters", regexes, 0, 1, 3 + 4 + 5},
		"ByName":     {"one", "{delegateAction: {ref: {name: x, namespace: z}}}", 1, 1, 0},
		"Selector":   {"one", "{delegateAction: {selector: {labels: {a: b}}}}", 1, 1, 0},
		"Namespaces": {"one for each", "{delegateAction: {selector: {namespaces: [u, v, w]}}}", 3, 1, 0},
	}
	for name, c := range cases {
		got := fact.CostOf(decode(t, "gateway.solo.io", "RouteTable", head+c.text+"]}"))
		if got.Delegations != c.delegations || got.Matchers != c.matchers || got.RegexBytes != c.regexText ||
			(got.Regexes == 1) != (name == "Regexes") || got.Bytes <= 0 {
			t.Errorf("%s: %s: got %+v", name, c.reason, got)
		}
	}
}

const regexes = `{matchers: [{regex: /.+, headers: [{name: a, value: "[bc]", regex: true}, {name: d, value: long}],
 queryParameters: [{name: e, value: "f{10}", regex: true}]}]}`

// Whatever there is a lot of in an object, its memory is told.
func TestCostOfBytes(t *testing.T) {
	t.Parallel()
	list := func(n int, form string) string {
		out := make([]string, n)
		for i := range out {
			out[i] = fmt.Sprintf(form, i)
		}
		return strings.Join(out, ", ")
	}
	for name, c := range map[string]struct{ group, kind, text, form string }{
		"Routes":     {"gateway.solo.io", "RouteTable", "spec: {routes: [%s]}", "{name: n%d}"},
		"Matchers":   {"gateway.solo.io", "RouteTable", "spec: {routes: [{matchers: [%s]}]}", "{prefix: /%d}"},
		"Headers":    {"gateway.solo.io", "RouteTable", "spec: {routes: [{matchers: [{headers: [%s]}]}]}", "{name: h%d}"},
		"Labels":     {"gateway.solo.io", "RouteTable", "metadata: {labels: {%s}}", "l%d: x"},
		"Conditions": {"gateway.solo.io", "RouteTable", selecting, "l%d: x"},
		"Domains":    {"gateway.solo.io", "VirtualService", "spec: {virtualHost: {domains: [%s]}}", "d%d"},
		"Subsets":    {"gloo.solo.io", "Upstream", "spec: {kube: {subsetSpec: {selectors: [{keys: [%s]}]}}}", "l%d"},
	} {
		of := func(n int) int {
			return fact.CostOf(decode(t, c.group, c.kind, fmt.Sprintf(c.text, list(n, c.form)))).Bytes
		}
		if few, many := of(10), of(1010); many-few < 1000*50 {
			t.Errorf("%s: a thousand more cost %d bytes more", name, many-few)
		}
	}
	if got := fact.CostOf(decode(t, "", "Service", "metadata: {name: a}")); got != (fact.Cost{}) {
		t.Errorf("a Service costs %+v, though no rule can refuse it", got)
	}
	if got := fact.CostOf(nil); got != (fact.Cost{}) {
		t.Errorf("nothing costs %+v", got)
	}
}

const selecting = "spec: {routes: [{delegateAction: {selector: {labels: {%s}}}}]}"
