package judge_test

import (
	"strings"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// What is picked by other labels than those of versions goes unasked, where it has none of these as well.
func TestUnasked(t *testing.T) {
	t.Parallel()
	const world = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo-blue, namespace: echo, uid: blue}
spec: {replicas: 1, template: {metadata: {labels: {app: echo, release: blue}}}}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: echo, namespace: echo}
spec:
  kube: {selector: {app: echo}, serviceName: echo, serviceNamespace: echo, servicePort: 80,
    subsetSpec: {selectors: [{keys: [release]}, {keys: [version]}]}}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: by-hand, namespace: echo}
spec:
  routes:
  - matchers: [{prefix: /echo}]
    routeAction: {multi: {destinations: [
      {weight: 50, destination: {upstream: {name: echo}, subset: {values: {release: blue}}}},
      {weight: 50, destination: {upstream: {name: echo}, subset: {values: {release: blue}}}}]}}
`
	const says = "spec.routes[0].routeAction.multi.destinations[0].destination: [stranded-traffic] picks pods of " +
		"upstream echo/echo by the label release; their workloads lack the label version, so nothing keeps them from being " +
		"deleted or relabelled under this route; give their pod templates the label version as well, or have Aviary go " +
		"by release (--label-keys)"
	for name, c := range map[string]struct {
		old, new string
		rules    map[string]policy.Mode
		says     string
	}{
		"ByAnotherKey": {says: says},
		"HasBoth":      {old: "release: blue}}}", new: "release: blue, version: v1}}}"},
		"ByVersion":    {old: "{release: blue}", new: "{version: v1}"},
		"NotDeployed":  {old: "replicas: 1", new: "replicas: 0"},
		"AnotherValue": {old: "echo, release: blue", new: "echo, release: green"},
		"OfAnApp": {
			old: "uid: blue}", new: "uid: blue, annotations: {aviary.dev/app: echo, aviary.dev/version: v1}}",
		},
		"TableGoes": {
			old: "by-hand, namespace: echo}", new: `by-hand, namespace: echo, annotations: {aviary.dev/retire: "true"}}`,
		},
		"RuleOff": {rules: map[string]policy.Mode{"stranded-traffic": policy.ModeOff}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := world
			if c.old != "" {
				if text = strings.ReplaceAll(world, c.old, c.new); text == world {
					t.Fatalf("there is no %s", c.old)
				}
			}
			store := inventory.NewStore()
			var table *fact.Table
			for _, f := range facts(t, []byte(text)) {
				store.Put(f)
				if is, ok := f.(*fact.Table); ok {
					table = is
				}
			}
			cfg := policy.DefaultConfig()
			for rule, mode := range c.rules {
				cfg.Rules = map[string]policy.RuleConfig{rule: {Mode: mode}}
			}
			found, err := judgeWith(t, cfg, glootest.Kinds()).Unasked(t.Context(), table, store)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, f := range found {
				said += f.String()
				if f.Mode != policy.ModeWarn {
					t.Errorf("its mode is %s", f.Mode)
				}
			}
			if said != c.says {
				t.Errorf("says %q, must say %q", said, c.says)
			}
		})
	}
}
