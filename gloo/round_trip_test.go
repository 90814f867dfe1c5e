package gloo_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/route"
)

// randomApp makes a valid app with every kind of path, header and role.
func randomApp(r *rand.Rand) *convention.App {
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	var versions []*convention.Version
	rest := 100
	for i, name := range []string{"v1", "v2", "v3"}[:1+r.IntN(3)] {
		v := &convention.Version{Namespace: "echo", Deployment: "echo-" + name, App: "echo", Name: name, Role: convention.Primary, Ports: []convention.ContainerPort{{ContainerPort: 8080}}}
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
	})
}

// FuzzRoundTrip: what is planned is what is read back from the object that is written for it.
func FuzzRoundTrip(f *testing.F) {
	for seed := range uint64(32) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, s1, s2 uint64) {
		app := randomApp(rand.New(rand.NewPCG(s1, s2)))
		plan := app.Plan(nil)
		var table *gloo.RouteTable
		for _, u := range gloo.Siblings(app, plan, "") {
			if u.GetKind() != gloo.KindRouteTable {
				continue
			}
			text, err := json.Marshal(u)
			if err != nil {
				t.Fatal(err)
			}
			table = &gloo.RouteTable{}
			if err := json.Unmarshal(text, table); err != nil {
				t.Fatal(err)
			}
		}
		if table == nil {
			t.Fatalf("no RouteTable for %+v", plan)
		}
		// A plan has no object, so it has no paths into one but the routes' own.
		noFields := cmpopts.IgnoreFields(route.Destination{}, "Field")
		noLists := cmpopts.IgnoreFields(route.Route{}, "DestinationsField")
		if diff := cmp.Diff(plan.Routes, table.Table().Routes, noFields, noLists); diff != "" {
			t.Errorf("-planned +read back:\n%s", diff)
		}
	})
}
