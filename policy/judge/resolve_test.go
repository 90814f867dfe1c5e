package judge_test

import (
	"fmt"
	"strings"
	"testing"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestManyVersions resolves more versions than are searched one by one; the odd ones are deployed, and each stands twice.
func TestManyVersions(t *testing.T) {
	t.Parallel()
	const versions = 60
	objects := `{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: echo, namespace: echo}, spec: {kube: {serviceName: echo,
  serviceNamespace: echo, selector: {app: echo}, subsetSpec: {selectors: [{keys: [version]}]}}}}`
	routes := "\n---\n{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: r, namespace: echo}, spec: {routes: ["
	for i := range 2 * versions {
		if i < versions && i%2 == 1 {
			objects += fmt.Sprintf("\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s%[1]d, namespace: echo}, spec: {template: {metadata: "+
				"{labels: {app: echo, version: v%[1]d}}}}, status: {availableReplicas: 1}}", i)
		}
		routes += fmt.Sprintf("{matchers: [{exact: /%d}], routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v%d}}}}},\n", i, i%versions)
	}
	store, all := inventory.NewStore(), facts(t, []byte(objects+routes+"]}}"))
	for _, f := range all {
		store.Put(f)
	}
	table := all[len(all)-1]
	findings, err := judgeOf(t, policy.DefaultConfig()).Judge(t.Context(), judge.Request{Operation: judge.Create, New: table}, store)
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]string{}
	for _, f := range findings {
		if f.Rule == "version-deployed" {
			missing[f.Field] = f.Message
		}
	}
	for i := range 2 * versions {
		at := fmt.Sprintf("spec.routes[%d].routeAction.single", i)
		version := fmt.Sprintf("version v%d of", i%versions)
		if is := strings.Contains(missing[at], version); is != (i%2 == 0) {
			t.Errorf("%s: found missing: %v (%s)", at, is, missing[at])
		}
	}
}
