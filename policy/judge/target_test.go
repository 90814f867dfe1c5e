package judge_test

import (
	"fmt"
	"strings"
	"testing"

	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
)

// What no container lists stands at the table, and is told once.
func TestTargetsStand(t *testing.T) {
	t.Parallel()
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("{containerPort: %d}", 1000+i)
	}
	for name, c := range map[string]struct {
		target, listed, labels string
		want                   int
	}{
		"Listed":       {"8080", "{containerPort: 8080}", "", 0},
		"Unlisted":     {"9090", "{containerPort: 8080}", "", 1},
		"NoneListed":   {"9090", "", "", 0},
		"Named":        {"http", "{name: http, containerPort: 8080}", "", 0},
		"NameUnlisted": {"http", "{name: web, containerPort: 8080}", "", 1},
		"AnAppsOwn": {
			"9090", "{containerPort: 8080}", "app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo", 0,
		},
		"TooManyToKeep": {"9090", strings.Join(many, ", "), "", 0},
	} {
		store := inventory.NewStore()
		for _, f := range facts(t, fmt.Appendf(nil, `
apiVersion: v1
kind: Service
metadata: {name: echo, namespace: echo, labels: {%[3]s}}
spec: {selector: {app: echo}, ports: [{port: 80, targetPort: %[1]s}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo, namespace: echo}
spec: {template: {metadata: {labels: {app: echo}}, spec: {containers: [{name: main, ports: [%[2]s]}]}}}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: r, namespace: echo}
spec:
  routes:
  - {matchers: [{prefix: /}], routeAction: {single: {kube: {ref: {name: echo, namespace: echo}, port: 80}}}}
`, c.target, c.listed, c.labels)) {
			store.Put(f)
		}
		found := 0
		for _, f := range store.All() {
			found += len(unserved(t, judge.Request{Operation: judge.Audit, New: f}, store))
		}
		if found != c.want {
			t.Errorf("%s: %d findings stand, must be %d", name, found, c.want)
		}
	}
}
