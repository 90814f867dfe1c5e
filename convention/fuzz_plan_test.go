package convention_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// randomApp makes versions as people and accidents do: mostly valid, with names, roles and values that meet.
func randomApp(t testing.TB, r *rand.Rand) (string, []*convention.Version, []*convention.Deployment) {
	app := pick(r, "echo", "a", strings.Repeat("a", 40), strings.Repeat("b", 52), "echo-shadow")
	var versions []*convention.Version
	var deployments []*convention.Deployment
	for i := range 1 + r.IntN(4) {
		set := map[string]string{convention.KeyApp: app, convention.KeyAPIGroup: "example"}
		set[convention.KeyVersion] = pick(r, "v1", "v2", "v3", "1.2.3", "a.-b..c", strings.Repeat("1.", 19)+"1",
			"v"+strconv.Itoa(i)+"."+strings.Repeat("x", r.IntN(37)))
		if r.IntN(3) > 0 {
			set[convention.KeyRole] = pick(r, "primary", "canary", "canary", "shadow", "standby")
		}
		if r.IntN(2) == 0 {
			set[convention.KeyWeight] = pick(r, "0", "1", "10", "50", "100", strconv.Itoa(r.IntN(130)))
		}
		if r.IntN(2) == 0 {
			set[convention.KeyHeaders] = pick(r, "", "stage=canary", "Stage=canary", "stage=canary,x=1",
				"x=1,STAGE=canary", "x=2", "x", "y=1,x=1,z=1")
		}
		if r.IntN(2) == 0 {
			set[convention.KeyPaths] = pick(r, "/", "/echo,/echo/a,=/echo", "~/e.*,/e,/", "=/a,/a", "~/a{1\\,2},~/b", "no")
		}
		if r.IntN(3) == 0 {
			set[convention.KeyPromotedAt] = noon.Add(time.Duration(r.IntN(3)) * time.Minute).Format(time.RFC3339Nano)
		}
		d := deployment(t, app+"-"+strconv.Itoa(i), set)
		if r.IntN(2) == 0 {
			d.CreationTimestamp.Time = noon.Add(time.Duration(r.IntN(3)) * time.Minute)
		}
		d.Status.AvailableReplicas = int32(r.IntN(2))
		v, _ := convention.Read(d, convention.DefaultLabelKeys())
		versions, deployments = append(versions, v), append(deployments, d)
	}
	return app, versions, deployments
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// sameVersion leaves out what a version keeps to itself.
var sameVersion = cmpopts.IgnoreUnexported(convention.Version{})

// FuzzPlan: whatever the versions, a plan routes to living versions, shares sum to 100, names are valid, no route hides
// another one, and neither the order of the input nor a second run changes a thing.
func FuzzPlan(f *testing.F) {
	for seed := range uint64(32) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, s1, s2 uint64) {
		r := rand.New(rand.NewPCG(s1, s2))
		name, versions, deployments := randomApp(t, r)
		app := convention.NewApp("echo", name, versions, nil, settings())
		plan := app.Plan(nil)
		checkPlan(t, app, plan)
		if plan.State == convention.Invalid {
			checkRoutes(t, app, app.Fallback())
		}
		var gate convention.Gate
		live := map[string]int{}
		for _, v := range versions {
			if r.IntN(2) == 0 {
				live[v.Name] = r.IntN(101)
			}
		}
		weights, _ := gate.Weights(app, live, noon)
		checkPlan(t, app, app.Plan(weights))

		r.Shuffle(len(versions), func(i, j int) { versions[i], versions[j] = versions[j], versions[i] })
		other := convention.NewApp("echo", name, versions, nil, settings())
		if diff := cmp.Diff(plan, other.Plan(nil), sameVersion); diff != "" {
			t.Errorf("the order of the versions matters:\n%s", diff)
		}
		for i, d := range deployments { // reading again gives the same
			v, _ := convention.Read(d, convention.DefaultLabelKeys())
			versions[i] = v
		}
		other = convention.NewApp("echo", name, versions, nil, settings())
		if diff := cmp.Diff(plan, other.Plan(nil), sameVersion); diff != "" {
			t.Errorf("twice is not the same:\n%s", diff)
		}
		for _, v := range app.Versions {
			app.Advice(v)
		}
	})
}

func checkPlan(t *testing.T, app *convention.App, p convention.Plan) {
	t.Helper()
	if len(p.Routes) > 0 != (p.State == convention.Routed) {
		t.Errorf("%d routes in state %s", len(p.Routes), p.State)
	}
	names := []string{convention.TableName(app.Name)}
	if p.Service != nil {
		if errs := validation.IsDNS1035Label(p.Service.Name); len(errs) > 0 {
			t.Errorf("Service %q: %v", p.Service.Name, errs)
		}
	}
	for _, u := range p.Backends {
		names = append(names, u.Name)
	}
	for _, n := range names {
		if errs := validation.IsDNS1123Subdomain(n); len(errs) > 0 || len(n) > 63 {
			t.Errorf("name %q of %d characters: %v", n, len(n), errs)
		}
	}
	if p.State == convention.Routed {
		checkRoutes(t, app, p)
	}
}

func checkRoutes(t *testing.T, app *convention.App, p convention.Plan) {
	t.Helper()
	sum := 0
	for _, s := range p.Shares {
		sum += s.Percent
		if s.Percent < 0 || s.Percent > 100 {
			t.Errorf("share %d of %s", s.Percent, s.Version.Name)
		}
	}
	if sum != 100 {
		t.Errorf("shares sum to %d: %s", sum, p.Summary())
	}
	for i, r := range p.Routes {
		if len(r.Destinations) == 0 {
			t.Errorf("route %d has no destinations", i)
		}
		var weights int64
		for _, d := range r.Destinations {
			if app.Version(d.Backend.Labels["version"]) == nil {
				t.Errorf("route %d sends to version %q, which does not live", i, d.Backend.Labels["version"])
			}
			weights += d.Weight.Value
		}
		if r.Weighted && weights != 100 {
			t.Errorf("route %d: weights sum to %d", i, weights)
		}
	}
	for _, o := range (route.Table{Routes: p.Routes}).Obstacles(route.AsWritten{}) {
		if o.Kind == route.Shadowed {
			t.Errorf("%v is hidden by %v", tellRoutes(p.Routes[o.Route:o.Route+1]), tellRoutes(p.Routes[o.By:o.By+1]))
		}
	}
}
