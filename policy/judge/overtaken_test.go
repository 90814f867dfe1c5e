package judge_test

import (
	"fmt"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestLargeTablesAreNotComparedByAll: which route overtakes which is told of tables up to a size. Of a larger one each
// would be compared with each, and with all before.
func TestLargeTablesAreNotComparedByAll(t *testing.T) {
	t.Parallel()
	j := judgeOf(t, policy.DefaultConfig())
	for routes, told := range map[int]bool{100: true, 102: false} {
		var text strings.Builder
		text.WriteString("apiVersion: gateway.solo.io/v1\nkind: RouteTable\n" +
			"metadata: {name: echo-routes, namespace: echo, labels: {apiGroup: example}}\nspec:\n  routes:\n")
		for i := range routes / 2 {
			fmt.Fprintf(&text, `  - matchers: [{prefix: /a%[1]d, headers: [{name: stage, value: canary}]}]
    routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v2}}}}
  - matchers: [{prefix: /a%[1]d/b}]
    routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v1}}}}
`, i)
		}
		store := inventory.NewStore()
		for _, f := range append(facts(t, []byte(platform)), facts(t, []byte(text.String()))...) {
			store.Put(f)
		}
		table := facts(t, []byte(text.String()))[0].(*fact.Table)
		found, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: table}, store)
		if err != nil {
			t.Fatal(err)
		}
		is := false
		for _, f := range found {
			is = is || strings.Contains(f.Message, "beside it makes Gloo sort")
		}
		if is != told {
			t.Errorf("%d routes: told %t, want %t", routes, is, told)
		}
	}
}
