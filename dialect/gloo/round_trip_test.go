package gloo

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// randomApp makes a valid app with every kind of path, header and role.
func randomApp(r *rand.Rand) *convention.App {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	var versions []*convention.Version
	rest := 100
	for i, name := range []string{"v1", "v2", "v3"}[:1+r.IntN(3)] {
		v := &convention.Version{
			Namespace: "echo", Deployment: "echo-" + name, App: "echo", Name: name, Role: convention.Primary,
			Ports: []convention.ContainerPort{{ContainerPort: 8080}},
		}
		if i > 0 {
			v.Role = []convention.Role{convention.Canary, convention.Shadow, convention.Standby}[r.IntN(3)]
		}
		if v.Role == convention.Canary {
			v.Weight = r.IntN(rest + 1)
			rest -= v.Weight
			v.HeadersStated = r.IntN(2) == 0
			for h := range r.IntN(3) {
				v.Headers = append(v.Headers, route.Header{Name: "x" + string(rune('a'+h)), Value: pick("1", "a b", `"`, "é")})
			}
		}
		v.TargetPort = pick("", "http", "8080")
		for range r.IntN(4) {
			kind := []route.PathKind{route.Exact, route.Regex, route.Prefix}[r.IntN(3)]
			v.Paths = append(v.Paths, route.Path{Kind: kind, Value: pick("/", "/a", "/a/{b,c}", "/%41", `/\d{1,2}`)})
		}
		versions = append(versions, v)
	}
	return convention.NewApp("echo", "echo", versions, []string{"example"}, convention.Settings{
		Keys: convention.DefaultLabelKeys(), CanaryHeaders: []route.Header{{Name: "stage", Value: "canary"}}, Port: 80,
		Fallback: convention.Fallback(pick("", "anyEndpoint", "none")),
	})
}

// FuzzRoundTrip: the fact of a sibling is what is read back from the object that is written for it.
func FuzzRoundTrip(f *testing.F) {
	for seed := range uint64(32) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, s1, s2 uint64) {
		app := randomApp(rand.New(rand.NewPCG(s1, s2)))
		plan := app.Plan(nil)
		tables := 0
		for _, s := range (Dialect{}).Siblings(app, plan) {
			o := s.Object()
			text, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			read, err := kinds.Decode(o.GroupVersionKind().GroupKind(), text)
			if err != nil {
				t.Fatal(err)
			}
			if table, ok := read.(*fact.Table); ok {
				tables++
				if len(table.Routes) != len(plan.Routes) {
					t.Errorf("%d routes, want %d", len(table.Routes), len(plan.Routes))
				}
			}
			if diff := cmp.Diff(s.Fact(), read); diff != "" || read.Identity() != s.ID {
				t.Errorf("%s: -fact +read back:\n%s", s.ID, diff)
			}
		}
		if tables != 1 {
			t.Fatalf("%d RouteTables for %+v", tables, plan)
		}
	})
}
