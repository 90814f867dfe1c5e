package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aviary.dev/audit"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/dryrun"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// BenchmarkChain measures judging tables each of which hands requests on to the next, or to the next two, which do so,
// too. What one table costs must grow no faster than its distance from the root: all of them in the square of that.
func BenchmarkChain(b *testing.B) {
	engine, err := policy.New(b.Context(), policy.DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
	for _, abreast := range []int{1, 2} {
		for _, depth := range []int{300, 600, 1200} {
			b.Run(fmt.Sprintf("abreast=%d/depth=%d", abreast, depth), func(b *testing.B) {
				file := filepath.Join(b.TempDir(), "all.yaml")
				if err := os.WriteFile(file, []byte(chain(depth, abreast)), 0o600); err != nil {
					b.Fatal(err)
				}
				set := audit.NewSet(kinds, "default")
				if err := set.ReadFiles(b.Context(), dryrun.Source{Names: []string{file}}); err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if _, err := set.Judge(b.Context(), j); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// chain is a VirtualService and, below it, so many rows of tables. Each table delegates to all of the next row, with
// one more segment; those of the last row answer.
func chain(depth, abreast int) string {
	var out strings.Builder
	out.WriteString(`apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: public, namespace: gloo-system}
spec:
  virtualHost:
    domains: [shop.example.com]
    routes:
`)
	path := ""
	for row := range depth {
		path += fmt.Sprintf("/%d", row)
		routes := ""
		for n := range abreast {
			routes += fmt.Sprintf(`    - matchers: [{prefix: %s}]
      delegateAction: {ref: {name: t-%d-%d, namespace: shop}}
`, path, row, n)
		}
		if row == 0 {
			out.WriteString(routes)
			continue
		}
		for n := range abreast {
			out.WriteString(tableOf(row-1, n) + routes)
		}
	}
	for n := range abreast {
		fmt.Fprintf(&out, "%s    - matchers: [{prefix: %s/x}]\n      directResponseAction: {status: 200}\n",
			tableOf(depth-1, n), path)
	}
	return out.String()
}

func tableOf(row, n int) string {
	return fmt.Sprintf(`---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: t-%d-%d, namespace: shop}
spec:
    routes:
`, row, n)
}
