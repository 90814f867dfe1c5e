package judge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// running answers that a Pod of another controller has whatever labels are asked for.
type running struct{ *inventory.Store }

func (running) Pods(context.Context, string, map[string]string) ([]*fact.Workload, error) {
	return []*fact.Workload{{Replicas: 1}}, nil
}

// manyBackends is a table that leads to as many upstreams, each of a Service of its own, behind which nobody is.
func manyBackends(t *testing.T, store *inventory.Store, n int) fact.Fact {
	t.Helper()
	to := make([]string, n)
	for i := range n {
		for _, f := range facts(t, fmt.Appendf(nil, `
apiVersion: v1
kind: Service
metadata: {name: s%[1]d, namespace: echo}
spec: {selector: {app: a%[1]d}, ports: [{port: 80}]}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: u%[1]d, namespace: echo}
spec: {kube: {serviceName: s%[1]d, serviceNamespace: echo, servicePort: 80}}
`, i)) {
			store.Put(f)
		}
		to[i] = fmt.Sprintf("{weight: 1, destination: {upstream: {name: u%d, namespace: echo}}}", i)
	}
	return facts(t, []byte(tableYAML("name: r, namespace: echo",
		"{matchers: [{prefix: /}], routeAction: {multi: {destinations: ["+strings.Join(to, ", ")+"]}}}")))[0]
}

// How much a table names decides neither how many Pods are asked for nor how much is said.
func TestUnservedIsBounded(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	a := asked{store, map[string]int{}}
	r := judge.Request{Operation: judge.Create, New: manyBackends(t, store, 200)}
	found := unserved(t, r, a)
	if len(found) != 20 || len(a.pods) > 20 {
		t.Errorf("must find 20, finds %d, having asked for the Pods of %d", len(found), len(a.pods))
	}
}

// Pods of other controllers serve, too.
func TestPodsServe(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	r := judge.Request{Operation: judge.Create, New: manyBackends(t, store, 2)}
	if found := unserved(t, r, running{store}); len(found) > 0 {
		t.Error(found)
	}
}

// unserved returns what upstream-known finds.
func unserved(t *testing.T, r judge.Request, facts fact.Reader) []policy.Finding {
	t.Helper()
	found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, facts)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found, func(f policy.Finding) bool { return f.Rule != "upstream-known" })
}

// TestAffectsServices: what names a port of a Service, or leads to what does, changes what is to be said of the
// Service; a mirror alone makes a table rest on its backend.
func TestAffectsServices(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	backend := facts(t, []byte(`{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: u, namespace: echo},
 spec: {kube: {serviceName: s, serviceNamespace: fox, servicePort: 80}}}`))[0]
	mirror := facts(t, []byte(`{apiVersion: gateway.solo.io/v1, kind: RouteTable,
 metadata: {name: mirrors, namespace: echo}, spec: {routes: [
 {redirectAction: {hostRedirect: x},
  options: {shadowing: {upstream: {name: u, namespace: echo}, percentage: 1}}}]}}`))[0]
	store.Put(backend)
	store.Put(mirror)
	for name, c := range map[string]struct {
		changed fact.Fact
		want    []string
	}{
		"TheBackend": {backend, []string{"mirrors", "s", "u"}},
		"ATable":     {tableAt(t, "echo", "/x"), []string{"echo", "s"}},
	} {
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(nil, c.changed), store)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range ids {
			got = append(got, id.Name)
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}
