package judge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// asked counts what Pods are asked for; live, each question is one for the API server.
type asked struct {
	*inventory.Store
	pods map[string]int
}

func (a asked) Pods(_ context.Context, namespace string, labels map[string]string) ([]*fact.Workload, error) {
	a.pods[fmt.Sprint(namespace, labels)]++
	return nil, nil
}

// How many versions a table names that nobody deployed must not decide how many questions there
// are.
func TestPodsAreAskedForOnce(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	store.Put(facts(t, []byte(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo-v1, namespace: echo},
 spec: {selector: {matchLabels: {app: echo, version: v1}},
  template: {metadata: {labels: {app: echo, version: v1}}, spec: {containers: []}}}}`))[0])
	store.Put(facts(t, []byte(`{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: echo, namespace: echo},
 spec: {kube: {serviceName: echo, serviceNamespace: echo, servicePort: 80, selector: {app: echo},
  subsetSpec: {selectors: [{keys: [version]}]}}}}`))[0])
	to := make([]string, 50)
	for i := range to {
		to[i] = fmt.Sprintf(
			"{weight: 2, destination: {upstream: {name: echo, namespace: echo}, subset: {values: {version: x%d}}}}", i)
	}
	table := tableYAML("name: r, namespace: echo",
		"{matchers: [{prefix: /}], routeAction: {multi: {destinations: ["+strings.Join(to, ", ")+"]}}}")
	a := asked{store, map[string]int{}}
	r := judge.Request{Operation: judge.Create, New: facts(t, []byte(table))[0]}
	if _, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, a); err != nil {
		t.Fatal(err)
	}
	if len(a.pods) != 1 {
		t.Errorf("must be asked for those of the selector alone: %v", a.pods)
	}
}
