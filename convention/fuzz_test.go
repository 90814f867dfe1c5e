package convention_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// eachSeed returns the Deployments of all stories.
func eachSeed(f *testing.F, add func(*convention.Deployment)) {
	f.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, step := range steps(txtar.Parse(text)) {
			for _, doc := range documents(step.Data) {
				add(decode(f, string(doc)))
			}
		}
	}
}

// FuzzRead: whatever the annotations, reading does not panic, and what it accepts is within the bounds.
func FuzzRead(f *testing.F) {
	eachSeed(f, func(d *convention.Deployment) {
		a := d.Annotations
		f.Add(
			d.Name,
			a[convention.KeyApp],
			a[convention.KeyVersion],
			a[convention.KeyRole],
			a[convention.KeyWeight],
			a[convention.KeyHeaders],
			a[convention.KeyPaths],
			a[convention.KeyPort],
			a[convention.KeyTargetPort],
			a[convention.KeyPromotedAt],
		)
	})
	f.Fuzz(func(t *testing.T, name, app, version, role, weight, headers, paths, port, target, stamp string) {
		annotations := map[string]string{convention.KeyApp: app}
		for key, value := range map[string]string{
			convention.KeyVersion: version, convention.KeyRole: role, convention.KeyWeight: weight, convention.KeyHeaders: headers,
			convention.KeyPaths: paths, convention.KeyPort: port, convention.KeyTargetPort: target, convention.KeyPromotedAt: stamp,
		} {
			if value != "" {
				annotations[key] = value
			}
		}
		d := deployment(t, name, annotations)
		v, findings := convention.Read(d, convention.DefaultLabelKeys())
		if v == nil {
			t.Fatal("no version, though the annotation app is there")
		}
		for _, p := range findings {
			if p.Field == "" || p.Message == "" || p.Fix == "" || len(p.Message) > 1000 ||
				strings.ContainsAny(p.Message+p.Fix, "\n\x00") {
				t.Errorf("a finding that does not tell: %+v", p)
			}
		}
		refused := func(key string) bool {
			return slices.ContainsFunc(findings, func(p convention.Finding) bool { return p.Key == key && !p.Warning })
		}
		if !refused(convention.KeyApp) && (len(v.App) > 52 || len(validation.IsDNS1035Label(v.App)) > 0) {
			t.Errorf("app %q", v.App)
		}
		if !refused(convention.KeyVersion) && len(validation.IsValidLabelValue(v.Name)) > 0 {
			t.Errorf("version %q is no label value", v.Name)
		}
		if v.Weight < 0 || v.Weight > 100 || v.Weight > 0 && v.Role != convention.Canary {
			t.Errorf("weight %d of role %s", v.Weight, v.Role)
		}
		if v.Port < 0 || v.Port > 65535 || port != "" && v.Port == 0 && !refused(convention.KeyPort) {
			t.Errorf("port %d of %q", v.Port, port)
		}
		for _, h := range v.Headers {
			if h.Name == "" || h.Value == "" || h.Regex || h.Invert {
				t.Errorf("header %+v", h)
			}
		}
		_, again := convention.Read(d, convention.DefaultLabelKeys())
		if diff := cmp.Diff(findings, again); diff != "" {
			t.Errorf("Read() twice: %s", diff)
		}
		// A patch applies and settles, whatever was read.
		encoded, err := json.Marshal(map[string]any{
			"metadata": map[string]any{
				"name":        name,
				"annotations": annotations,
			}, "spec": map[string]any{"template": map[string]any{}},
		})
		if err != nil {
			t.Fatal(err)
		}
		patched := apply(
			t,
			string(encoded),
			convention.Default(nil, decode(t, string(encoded)), nil, convention.DefaultLabelKeys(), noon),
		)
		if p := convention.Default(nil, decode(t, patched), nil, convention.DefaultLabelKeys(), noon); len(p) > 0 {
			t.Errorf("Default() twice: %v", p)
		}
	})
}

// FuzzPaths: what is accepted is sorted, within the bounds, and reads back from the form that messages show.
func FuzzPaths(f *testing.F) {
	for _, seed := range []string{"/", "/echo,=/health,~/v[0-9]{1\\,2}/.*", "/a,/a/b,/a/b/c", "=/,~.*", "~a\\\\,/b", "/%41"} {
		f.Add(seed)
	}
	eachSeed(f, func(d *convention.Deployment) { f.Add(d.Annotations[convention.KeyPaths]) })
	f.Fuzz(func(t *testing.T, text string) {
		readPaths := func(text string) ([]route.Path, bool) {
			v, findings := convention.Read(
				deployment(t, "echo-v1", map[string]string{convention.KeyApp: "echo", convention.KeyPaths: text}),
				convention.DefaultLabelKeys(),
			)
			return v.Paths, len(findings) == 0
		}
		got, ok := readPaths(text)
		if !ok {
			return
		}
		if len(got) == 0 || len(got) > 32 {
			t.Fatalf("%d paths", len(got))
		}
		var parts []string
		for i, p := range got {
			if p.Kind != route.Regex && (!strings.HasPrefix(p.Value, "/") || strings.ContainsAny(p.Value, " ?#\\\"")) {
				t.Errorf("path %q", p.Value)
			}
			for _, later := range got[i+1:] {
				if (route.Matcher{Path: p}).Covers(route.Matcher{Path: later}) {
					t.Errorf("%q stands before %q, which nothing would reach", p, later)
				}
			}
			parts = append(parts, strings.ReplaceAll(p.String(), ",", `\,`))
			if strings.HasSuffix(p.Value, `\`) {
				return // its separator would read as an escape; a limit of the form
			}
		}
		again, ok := readPaths(strings.Join(parts, ","))
		if diff := cmp.Diff(got, again); !ok || diff != "" {
			t.Errorf("read back: %t, -want +got:\n%s", ok, diff)
		}
	})
}

// randomApp makes versions as people and accidents do: mostly valid, with names, roles and values that meet.
func randomApp(t testing.TB, r *rand.Rand) (string, []*convention.Version, []*convention.Deployment) {
	app := pick(r, "echo", "a", strings.Repeat("a", 40), strings.Repeat("b", 52), "echo-shadow")
	var versions []*convention.Version
	var deployments []*convention.Deployment
	for i := range 1 + r.IntN(4) {
		set := map[string]string{convention.KeyApp: app, convention.KeyAPIGroup: "example"}
		set[convention.KeyVersion] = pick(
			r,
			"v1",
			"v2",
			"v3",
			"1.2.3",
			"a.-b..c",
			strings.Repeat("1.", 19)+"1",
			"v"+strconv.Itoa(i)+"."+strings.Repeat("x", r.IntN(37)),
		)
		if r.IntN(3) > 0 {
			set[convention.KeyRole] = pick(r, "primary", "canary", "canary", "shadow", "standby")
		}
		if r.IntN(2) == 0 {
			set[convention.KeyWeight] = pick(r, "0", "1", "10", "50", "100", strconv.Itoa(r.IntN(130)))
		}
		if r.IntN(2) == 0 {
			set[convention.KeyHeaders] = pick(
				r,
				"",
				"stage=canary",
				"Stage=canary",
				"stage=canary,x=1",
				"x=1,STAGE=canary",
				"x=2",
				"x",
				"y=1,x=1,z=1",
			)
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
		if diff := cmp.Diff(plan, convention.NewApp("echo", name, versions, nil, settings()).Plan(nil), sameVersion); diff != "" {
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
