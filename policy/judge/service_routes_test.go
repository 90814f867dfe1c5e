package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// serviceWorld has a Service for each of two versions and one for all; deployed is what of the app
// runs.
func serviceWorld(t *testing.T, deployed ...string) *inventory.Store {
	t.Helper()
	store := inventory.NewStore()
	text := `
apiVersion: v1
kind: Service
metadata: {name: echo, namespace: echo}
spec: {selector: {app: echo}, ports: [{port: 80}]}
`
	for _, version := range []string{"v1", "v2"} {
		text += fmt.Sprintf(`---
apiVersion: v1
kind: Service
metadata: {name: echo-%[1]s, namespace: echo}
spec: {selector: {app: echo, version: %[1]s}, ports: [{port: 80}]}
`, version)
	}
	for _, version := range deployed {
		text += fmt.Sprintf(`---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: %[1]s, namespace: echo}
spec: {template: {metadata: {labels: {app: echo, version: %[1]s}}}}
status: {availableReplicas: 1}
`, version)
	}
	for _, f := range facts(t, []byte(text)) {
		store.Put(f)
	}
	return store
}

// toServices is a table that sends requests to Services themselves, by name and weight.
func toServices(t *testing.T, weights ...string) fact.Fact {
	t.Helper()
	list := make([]string, len(weights))
	for i, w := range weights {
		name, weight, _ := strings.Cut(w, " ")
		list[i] = fmt.Sprintf("{weight: %s, destination: {kube: {ref: {name: %s, namespace: echo}, port: 80}}}", weight, name)
	}
	return facts(t, fmt.Appendf(nil, `
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: r, namespace: echo}
spec: {routes: [{matchers: [{prefix: /echo}], routeAction: {multi: {destinations: [%s]}}}]}
`, strings.Join(list, ", ")))[0]
}

// TestRoutesToServices follows a destination that is a Service to the workloads behind it, as one
// that is an upstream.
func TestRoutesToServices(t *testing.T) {
	t.Parallel()
	const list = "spec.routes[0].routeAction.multi.destinations"
	for name, c := range map[string]struct {
		deployed, weights, want []string
	}{
		"ADeployedVersion": {[]string{"v1", "v2"}, []string{"echo-v1 60", "echo-v2 40"}, nil},
		"AnotherVersion": {
			[]string{"v1"},
			[]string{"echo-v1 60", "echo-v2 40"},
			[]string{"deny version-deployed " + list + "[1].destination: no workload has"},
		},
		"NoTraffic": {
			[]string{"v1"},
			[]string{"echo-v1 100", "echo-v2 0"},
			[]string{"warn version-deployed " + list + "[1].destination: no workload has"},
		},
		"NothingDeployed": {
			nil, []string{"echo-v1 100"}, []string{"warn version-deployed " + list + "[0].destination: no workload has"},
		},
		"AllVersions": {[]string{"v1"}, []string{"echo 100"}, nil},
		"Missing": {
			[]string{"v1"},
			[]string{"echo-v1 50", "echo-v3 50"},
			[]string{"warn upstream-known " + list + "[1].destination: Service echo/echo-v3 does not exist"},
		},
		"WeightsOf90": {
			[]string{"v1", "v2"},
			[]string{"echo-v1 60", "echo-v2 30"},
			[]string{"warn weights-sum " + list + ": weights sum to 90 (echo-v1: 60, echo-v2: 30), must be 100"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := judge.Request{Operation: judge.Create, New: toServices(t, c.weights...)}
			found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, serviceWorld(t, c.deployed...))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, fmt.Sprintf("%s %s %s: %s", f.Mode, f.Rule, f.Field, f.Message))
			}
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("must begin as %q: %q", c.want, got)
			}
		})
	}
}

// TestRoutesToServicesAreStranded: who takes away the last workload that a Service holds takes it
// from the routes there.
func TestRoutesToServicesAreStranded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		deployed []string
		to       string
		stranded bool
	}{
		"ItsVersion":             {[]string{"v1", "v2"}, "echo-v1 100", true},
		"ItsVersionButNoTraffic": {[]string{"v1", "v2"}, "echo-v1 0", false},
		"AnotherVersion":         {[]string{"v1", "v2"}, "echo-v2 100", false},
		"OneOfAll":               {[]string{"v1", "v2"}, "echo 100", false},
		"TheLastOfAll":           {[]string{"v1"}, "echo 100", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := serviceWorld(t, c.deployed...)
			store.Put(toServices(t, c.to))
			id := route.ID{GroupKind: fact.StatefulSetKind, Ref: route.Ref{Namespace: "echo", Name: "v1"}}
			r := judge.Request{Operation: judge.Delete, Old: store.Fact(id)}
			found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, store)
			if err != nil {
				t.Fatal(err)
			}
			stranded := len(found) == 1 && found[0].Rule == "stranded-traffic" && found[0].Mode == policy.ModeDeny
			if stranded != c.stranded || !stranded && len(found) > 0 {
				t.Errorf("stranded must be %v: %v", c.stranded, found)
			}
		})
	}
}

// TestAffectsRoutesToServices: a Service, and a workload behind it, change what is to be said of
// the tables that name the Service.
func TestAffectsRoutesToServices(t *testing.T) {
	t.Parallel()
	store := serviceWorld(t, "v1")
	table := toServices(t, "echo-v1 100")
	store.Put(table)
	for name, c := range map[string]struct {
		id      route.ID
		affects bool
	}{
		"TheService":     {route.ID{GroupKind: fact.ServiceKind, Ref: route.Ref{Namespace: "echo", Name: "echo-v1"}}, true},
		"TheWorkload":    {route.ID{GroupKind: fact.StatefulSetKind, Ref: route.Ref{Namespace: "echo", Name: "v1"}}, true},
		"AnotherService": {route.ID{GroupKind: fact.ServiceKind, Ref: route.Ref{Namespace: "echo", Name: "echo-v2"}}, false},
	} {
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(store.Fact(c.id), nil), store)
		if err != nil {
			t.Fatal(err)
		}
		if affects := slices.Contains(ids, table.Identity()); affects != c.affects {
			t.Errorf("%s: affects the table: %v, must be %v", name, affects, c.affects)
		}
	}
}
