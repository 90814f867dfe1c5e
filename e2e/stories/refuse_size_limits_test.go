package stories

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestTooLarge brings an app to the size that etcd stores at most. What Aviary admits it can write;
// one canary more is refused, and so is a table of that size by the API server. It is not parallel, as requests of this
// size take longer than Aviary's three seconds beside other stories.
func TestTooLarge(t *testing.T) {
	s := begin(t, "too-large")
	paths := make([]string, 32)
	for i := range paths {
		paths[i] = fmt.Sprintf("/echo/%d", i)
	}
	s.apply(v("v1", "role=primary", "paths="+strings.Join(paths, ",")).String()).mustSucceed()
	canary := func(n int) string {
		headers := make([]string, 8)
		for i := range headers {
			headers[i] = fmt.Sprintf("x-%d-%d=%s", n, i, strings.Repeat("v", 490))
		}
		return v(fmt.Sprintf("c%d", n), "role=canary", "weight=0", "headers="+strings.Join(headers, ",")).String()
	}
	const most = 10
	for n := range most {
		s.apply(canary(n)).mustSucceed()
	}
	s.eventually("the table to have all header routes", func() error {
		text := s.kubectl("", "get", "routetable", "echo-routes", "-o", "json").mustSucceed().stdout
		if header := strings.Count(text, `"name": "x-`); header != 8*len(paths)*most {
			return fmt.Errorf("it has %d headers and %d bytes", header, len(text))
		}
		return nil
	})
	s.eventually("the refusal", func() error { // A busy machine may take too long for a table of this size.
		says := s.apply(canary(most)).mustFail().stderr
		if !containsAll(says, []string{
			"[size-limits]", "RouteTable too-large/echo-routes would have",
			"bytes, must have at most 1500000; state fewer paths, fewer canaries, or shorter headers",
		}) {
			return errors.New(says)
		}
		return nil
	})
	s.apply(v("idle", "role=standby").String()).mustSucceed()

	s.step("the API server takes no table that is a little larger")
	table := func(bytes int) string {
		const route = "  - {matchers: [{exact: /%d}], redirectAction: {hostRedirect: %s}}\n"
		var b strings.Builder
		b.WriteString("apiVersion: gateway.solo.io/v1\nkind: RouteTable\nmetadata: {name: by-hand}\nspec:\n  routes:\n")
		for i := range 100 {
			fmt.Fprintf(&b, route, i, strings.Repeat("x", bytes/100-70))
		}
		return b.String()
	}
	s.kubectl(table(1_500_000), "create", "-f", "-").mustSucceed()
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.kubectl(table(1_600_000), "create", "-f", "-").mustFail("request is too large")
}
