package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestManyVersions resolves more versions than are searched one by one; the odd ones are deployed,
// and each stands twice.
func TestManyVersions(t *testing.T) {
	t.Parallel()
	const versions = 60
	objects := `{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: echo, namespace: echo},
 spec: {kube: {serviceName: echo, serviceNamespace: echo, selector: {app: echo},
  subsetSpec: {selectors: [{keys: [version]}]}}}}`
	var routes string
	for i := range 2 * versions {
		if i < versions && i%2 == 1 {
			objects += fmt.Sprintf(`
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s%[1]d, namespace: echo},
 spec: {template: {metadata: {labels: {app: echo, version: v%[1]d}}}}, status: {availableReplicas: 1}}`, i)
		}
		routes += fmt.Sprintf("{matchers: [{exact: /%d}], "+
			"routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v%d}}}}},\n", i, i%versions)
	}
	store := inventory.NewStore()
	all := facts(t, []byte(objects+"\n---\n"+tableYAML("name: r, namespace: echo", routes)))
	for _, f := range all {
		store.Put(f)
	}
	table := all[len(all)-1]
	findings, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(),
		judge.Request{Operation: judge.Create, New: table}, store)
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

// TestPodsBesideADeployment: a version of bare Pods, or of Argo Rollouts', is deployed even where a
// Deployment runs another one; one that nobody runs is not.
func TestPodsBesideADeployment(t *testing.T) {
	t.Parallel()
	pod := func(name, labels, more string) client.Object {
		var p corev1.Pod
		text := fmt.Sprintf("{metadata: {name: %s, namespace: echo, labels: {app: echo, %s}%s}, status: {phase: Running}}",
			name, labels, more)
		if err := yaml.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		return &p
	}
	const ofReplicaSet = ", ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: u, controller: true}]"
	d := &convention.Deployment{}
	const v1 = "{metadata: {name: echo-v1, namespace: echo}, " +
		"spec: {template: {metadata: {labels: {app: echo, version: v1}}}}}"
	if err := yaml.Unmarshal([]byte(v1), d); err != nil {
		t.Fatal(err)
	}
	pods := []client.Object{
		pod("bare", "version: v2", ""), pod("rollouts", "version: v3, rollouts-pod-template-hash: x", ofReplicaSet),
		pod("left", "version: v4, pod-template-hash: x", ofReplicaSet),
	}
	for name, deployments := range map[string][]client.Object{"beside": {d}, "alone": nil} {
		objects := slices.Concat(deployments, pods)
		c := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithObjects(objects...).Build()
		for version, deployed := range map[string]bool{"v2": true, "v3": true, "v4": false, "v9": false} {
			table := facts(t, fmt.Appendf(nil, "{apiVersion: gateway.solo.io/v1, kind: RouteTable, "+
				"metadata: {name: r, namespace: echo}, spec: {routes: [{matchers: [{prefix: /echo}], "+
				"routeAction: {single: {upstream: {name: echo}, subset: {values: {version: %s}}}}}]}}", version))[0]
			live := inventory.NewLive(inventorytest.Cluster(c), glootest.Kinds(), inventory.NewStore())
			findings, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(),
				judge.Request{Operation: judge.Create, New: table}, live)
			if err != nil {
				t.Fatal(err)
			}
			missing := slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.Rule == "version-deployed" })
			if missing == deployed {
				t.Errorf("%s: %s is found missing: %v (%v)", name, version, missing, findings)
			}
		}
	}
}
