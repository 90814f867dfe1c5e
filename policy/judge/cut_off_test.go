package judge_test

import (
	"slices"
	"strings"
	"testing"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestWaysThatEnd: what is being deleted leads to others until it is gone. So a path below it is taken, but it is no
// reason to let another way go.
func TestWaysThatEnd(t *testing.T) {
	t.Parallel()
	const (
		leads = "{matchers: [{prefix: /}], delegateAction: {ref: {name: %, namespace: echo}}}"
		live  = "{matchers: [{prefix: /echo}], " +
			"routeAction: {single: {kube: {ref: {name: echo, namespace: echo}, port: 80}}}}"
		workload = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo, namespace: echo},
 spec: {template: {metadata: {labels: {app: echo}}, spec: {containers: [{name: c}]}}}, status: {availableReplicas: 1}}
---
{apiVersion: v1, kind: Service, metadata: {name: echo, namespace: echo},
 spec: {selector: {app: echo}, ports: [{port: 80}]}}`
	)
	to := func(name string) string { return strings.Replace(leads, "%", name, 1) }
	for going, want := range map[string]bool{"": false, ", deletionTimestamp: '2026-01-01T00:00:00Z'": true} {
		all := facts(t, []byte(strings.Join([]string{
			workload,
			rootYAML("name: one, namespace: gloo-system", "domains: [one.example], routes: ["+to("between")+"]"),
			tableYAML("name: between, namespace: echo"+going, to("echo")+", "+
				strings.Replace(to("theirs"), "namespace: echo", "namespace: other", 1)),
			tableYAML("name: echo, namespace: echo", live),
			rootYAML("name: two, namespace: gloo-system", "domains: [two.example], routes: ["+to("echo")+"]"),
			tableYAML("name: theirs, namespace: other",
				"{matchers: [{prefix: /echo}], directResponseAction: {status: 200}}"),
		}, "\n---\n")))
		store := inventory.NewStore()
		for _, f := range all[:6] {
			store.Put(f)
		}
		finds := func(rule string, r judge.Request) bool {
			found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, store)
			if err != nil {
				t.Fatal(err)
			}
			return slices.ContainsFunc(found, func(f policy.Finding) bool {
				return f.Rule == rule && f.Mode == policy.ModeDeny
			})
		}
		if got := finds("routes-kept", judge.Request{Operation: judge.Delete, Old: all[5]}); got != want {
			t.Errorf("with between%s: the other way may not go: %t, want %t", going, got, want)
		}
		if !finds("path-owned", judge.Request{Operation: judge.Create, New: all[6]}) {
			t.Errorf("with between%s: the path below it is another namespace's", going)
		}
	}
}
