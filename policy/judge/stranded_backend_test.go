package judge_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// versionsTable leads to as many versions of upstream echo/echo as it is told.
func versionsTable(t *testing.T, namespace string, versions ...string) fact.Fact {
	t.Helper()
	to := make([]string, len(versions))
	for i, v := range versions {
		to[i] = fmt.Sprintf(`{weight: 1, destination: {upstream: {name: echo, namespace: echo},
 subset: {values: {version: %s}}}}`, v)
	}
	return facts(t, fmt.Appendf(nil, `{apiVersion: gateway.solo.io/v1, kind: RouteTable,
 metadata: {name: r, namespace: %s}, spec: {routes: [{matchers: [{prefix: /}],
 routeAction: {multi: {destinations: [%s]}}}]}}`, namespace, strings.Join(to, ", ")))[0]
}

// serviceOf is the Service echo with such a spec.
func serviceOf(t *testing.T, spec string) fact.Fact {
	t.Helper()
	return facts(t, []byte("{apiVersion: v1, kind: Service, metadata: {name: echo, namespace: echo}, spec: "+spec+"}"))[0]
}

// stranding returns what stranded-traffic says of a Service that no longer selects the workloads of a world.
func stranding(t *testing.T, world fact.Reader, spec string) []policy.Finding {
	t.Helper()
	old := serviceOf(t, "{selector: {app: echo}, ports: [{port: 80}]}")
	r := judge.Request{Operation: judge.Update, Old: old, New: serviceOf(t, spec)}
	found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, world)
	if err != nil {
		t.Fatal(err)
	}
	var out []policy.Finding
	for _, f := range found {
		if f.Rule == "stranded-traffic" {
			out = append(out, f)
		}
	}
	return out
}

// echoes is a world of as many versions, each with a workload.
func echoes(t *testing.T, n int) (*inventory.Store, []string) {
	t.Helper()
	store, versions := inventory.NewStore(), make([]string, n)
	text := `{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: echo, namespace: echo},
 spec: {kube: {serviceName: echo, serviceNamespace: echo, servicePort: 80,
 subsetSpec: {selectors: [{keys: [version]}]}}}}`
	for i := range versions {
		versions[i] = fmt.Sprint("v", i)
		text += fmt.Sprintf("\n---\n"+`{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: %[1]s, namespace: echo},
 spec: {template: {metadata: {labels: {app: echo, version: %[1]s}}}}}`, versions[i])
	}
	for _, f := range facts(t, []byte(text)) {
		store.Put(f)
	}
	return store, versions
}

// foxes answers that a Pod of another controller is a fox of version v0.
type foxes struct{ *inventory.Store }

func (foxes) Pods(_ context.Context, _ string, labels map[string]string) ([]*fact.Workload, error) {
	if labels["app"] != "fox" {
		return nil, nil
	}
	return []*fact.Workload{{Labels: map[string]string{"app": "fox", "version": "v0"}, Replicas: 1}}, nil
}

const nobodys = "{selector: {app: fox}, ports: [{port: 80}]}"

// How much one namespace's tables name decides neither how much is followed nor how much is said, nor whether another's
// are told.
func TestStrandedByAServiceIsBounded(t *testing.T) {
	t.Parallel()
	store, versions := echoes(t, 300)
	store.Put(versionsTable(t, "a", versions[1:]...))
	store.Put(versionsTable(t, "echo", versions[0]))
	store.Put(versionsTable(t, "gloo-system", versions[0]))
	told := map[string]int{}
	for _, f := range stranding(t, store, nobodys) {
		told[strings.Fields(f.Message)[1]]++
	}
	if want := map[string]int{"a/r": 20, "echo/r": 1, "gloo-system/r": 1}; !maps.Equal(told, want) {
		t.Errorf("must tell of %v, tells of %v", want, told)
	}
}

// A route that names a version twice is told once, and ports alone strand nobody.
func TestStrandedByAService(t *testing.T) {
	t.Parallel()
	store, _ := echoes(t, 1)
	store.Put(versionsTable(t, "echo", "v0", "v0"))
	for name, c := range map[string]struct {
		spec string
		want int
	}{
		"TheSelector": {nobodys, 1},
		"TheSame":     {"{selector: {app: echo}, ports: [{port: 80}]}", 0},
		"ThePort":     {"{selector: {app: echo}, ports: [{port: 81}]}", 0},
		"BothAtOnce":  {"{selector: {app: fox}, ports: [{port: 81}]}", 1},
		"Headless":    {"{clusterIP: None, selector: {app: echo}, ports: [{port: 80}]}", 0},
		"NoSelector":  {"{ports: [{port: 80}]}", 0},
	} {
		if found := stranding(t, store, c.spec); len(found) != c.want {
			t.Errorf("%s: must find %d: %v", name, c.want, found)
		}
	}
	if found := stranding(t, foxes{store}, nobodys); len(found) > 0 {
		t.Errorf("Pods of other controllers answer: %v", found)
	}
}
