package stories

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestNamespaceBounds brings a table, and a namespace, to the delegations that it may have. What was there before there
// was a bound may be changed and made smaller. A neighbour under the same domain is judged in time all the while.
func TestNamespaceBounds(t *testing.T) {
	t.Parallel()
	s, near := begin(t, "namespace-bounds"), begin(t, "namespace-bounds-near")
	near.apply(replace(near.virtualService(""), "namespaces: [", "namespaces: [namespace-bounds, ")).mustSucceed()
	team := s.tenant("namespace-bounds-team")
	table := func(name string, delegations int) string {
		const one = "  - {matchers: [{prefix: /%s/%d}], delegateAction: {selector: {labels: {nobody: has}}}}\n"
		var b strings.Builder
		fmt.Fprintf(&b, "apiVersion: gateway.solo.io/v1\nkind: RouteTable\n"+
			"metadata: {name: %s, labels: {apiGroup: example}}\nspec:\n  routes:\n", name)
		for i := range delegations {
			fmt.Fprintf(&b, one, name, i)
		}
		return b.String()
	}
	dryRun := func(text string) outcome {
		return s.kubectl(text, "apply", "--dry-run=server", "--server-side", "--force-conflicts", "-f", "-")
	}
	full := func(n int, says string) {
		s.Helper()
		s.eventually("the namespace to be counted", func() error {
			r := dryRun(table("more", n))
			if !strings.Contains(r.stderr, says) {
				return errors.New(r.stderr)
			}
			return nil
		})
	}

	s.step("one table")
	s.kubectl(table("one", 1001), "create", "-f", "-").mustFail("[size-limits] RouteTable namespace-bounds/one has 1001 " +
		"delegations, must have at most 1000; let one selector pick several tables, or split it")
	for i := range 5 {
		team.kubectl(table(fmt.Sprintf("t%d", i), 1000), "create", "-f", "-").mustSucceed()
	}

	s.step("the namespace")
	full(1, "[size-limits] namespace namespace-bounds has 5001 delegations in all tables, must have at most 5000; "+
		"remove what nobody needs, or raise namespaceDelegations of size-limits")
	dryRun(v("v1", "role=primary").String()).mustSucceed() // which delegates to nobody
	dryRun(table("t1", 999)).mustSucceed()

	s.step("a neighbour")
	team.apply(fmt.Sprintf(stealing, "", "{prefix: /bounds}")).mustSucceed()
	near.apply(v("v1", "role=primary", "paths=/bounds").String()).mustFail("[path-owned]")
	near.apply(v("v1", "role=primary", "paths=/t5").String()).mustSucceed()
	near.waitTraffic("echo", "/t5: v1")

	s.step("what was there before")
	s.must(s.bypass().create(t.Context(), table("old", 1500)))
	full(1, "has 6501 delegations")
	if says := dryRun(table("old", 1400)).mustSucceed().stderr; !strings.Contains(says, "must have at most 1000") {
		t.Errorf("nobody is warned of 1400 delegations: %s", says)
	}
	dryRun(table("old", 1)).mustSucceed()
	dryRun(table("old", 1501)).mustFail("must have at most 1000")
	s.kubectl("", "delete", "routetable", "old", "t0").mustSucceed()
	s.eventually("the namespace to have room again", func() error {
		if r := dryRun(table("more", 1000)); strings.Contains(r.stderr, "[size-limits]") {
			return errors.New(r.stderr)
		}
		return nil
	})
}
