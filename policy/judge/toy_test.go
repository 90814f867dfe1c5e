package judge_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/toy"
	"aviary.dev/route"
)

// toyWorld has Groups of three versions, of which the first two are deployed.
const toyWorld = `
apiVersion: toy.example/v1
kind: Group
metadata: {name: echo-v1, namespace: echo}
spec: {selector: {app: echo, version: v1}}
---
apiVersion: toy.example/v1
kind: Group
metadata: {name: echo-v2, namespace: echo}
spec: {selector: {app: echo, version: v2}}
---
apiVersion: toy.example/v1
kind: Group
metadata: {name: echo-v3, namespace: echo}
spec: {selector: {app: echo, version: v3}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: one, namespace: echo}
spec: {template: {metadata: {labels: {app: echo, version: v1}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: two, namespace: echo}
spec: {template: {metadata: {labels: {app: echo, version: v2}}}}
`

// toyBeside is another workload of the first version.
const toyBeside = `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: all, namespace: echo}
spec: {template: {metadata: {labels: {app: echo, version: v1}}}}
`

// toyPath is a Path with these routes.
const toyPath = `
apiVersion: toy.example/v1
kind: Path
metadata: {name: echo, namespace: echo}
spec: {parent: public, routes: [%s]}
`

// TestSecondDialect judges Paths, which the rules have never heard of: each by a bad example and
// one near it.
func TestSecondDialect(t *testing.T) {
	t.Parallel()
	const (
		toV1   = "to: [{group: echo-v1, weight: 100}]"
		toBoth = "to: [{group: echo-v1, weight: 60}, {group: echo-v2, weight: 40}]"
	)
	for name, c := range map[string]struct {
		rule, routes string
		// leaves: what is judged is not the Path but that StatefulSet one is deleted, with this
		// beside it.
		leaves, beside string
		want           []string
	}{
		"WeightsOf90": {
			rule: "weights-sum", routes: "{prefix: /echo, to: [{group: echo-v1, weight: 60}, {group: echo-v2, weight: 30}]}",
			want: []string{"warn spec.routes[0].to"},
		},
		"AMissingWeightIs1": {
			rule: "weights-sum", routes: "{prefix: /echo, to: [{group: echo-v1, weight: 99}, {group: echo-v2}]}",
		},
		"NotDeployed": {
			rule: "version-deployed", routes: "{prefix: /echo, to: [{group: echo-v3, weight: 100}]}",
			want: []string{"deny spec.routes[0].to[0]"},
		},
		"Deployed": {rule: "version-deployed", routes: "{prefix: /echo, " + toBoth + "}"},
		"TwiceTheSame": {
			rule: "canary-reachable", routes: "{prefix: /echo, " + toV1 + "}, {prefix: /echo, " + toBoth + "}",
			want: []string{"deny spec.routes[1]"},
		},
		"TheMoreSpecificIsFirst": {
			rule: "canary-reachable", routes: "{prefix: /echo, " + toV1 + "}, {prefix: /echo, header: stage, " + toBoth + "}",
		},
		"Stranded": {
			rule: "stranded-traffic", routes: "{prefix: /echo, " + toBoth + "}", leaves: "one",
			want: []string{"deny metadata.name"},
		},
		"AnotherOneStays": {
			rule: "stranded-traffic", routes: "{prefix: /echo, " + toBoth + "}", leaves: "one", beside: toyBeside,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kinds := dialect.NewKinds(convention.DefaultLabelKeys(), gloo.Dialect{}, toy.Dialect{})
			store := inventory.NewStore()
			for _, f := range factsOf(t, kinds, toyWorld+c.beside) {
				store.Put(f)
			}
			r := judge.Request{Operation: judge.Create, New: factsOf(t, kinds, fmt.Sprintf(toyPath, c.routes))[0]}
			if c.leaves != "" {
				store.Put(r.New)
				id := route.ID{GroupKind: fact.StatefulSetKind, Ref: route.Ref{Namespace: "echo", Name: c.leaves}}
				r = judge.Request{Operation: judge.Delete, Old: store.Fact(id)}
			}
			found, err := judgeWith(t, policy.DefaultConfig(), kinds).Decide(t.Context(), r, store)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				if f.Rule == c.rule {
					got = append(got, f.Mode.String()+" "+f.Field)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s\n%v", diff, found)
			}
		})
	}
}
