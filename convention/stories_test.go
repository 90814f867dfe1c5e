package convention_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"aviary.dev/convention"
	"aviary.dev/route"
)

var update = flag.Bool("update", false, "rewrite the stories' plans")

// A story is a txtar file: each <step>.yaml holds annotated Deployments (and, if wanted, their Namespace), and
// <step>.plan.yaml what follows from them.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			story, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(bytes.TrimSpace(story.Comment)) == 0 {
				t.Errorf("%s must say on top what it is about", file)
			}
			told := &txtar.Archive{Comment: story.Comment}
			for _, step := range steps(story) {
				got, err := yaml.Marshal(tell(readApps(t, step.Data)))
				if err != nil {
					t.Fatal(err)
				}
				plan := strings.TrimSuffix(step.Name, ".yaml") + ".plan.yaml"
				told.Files = append(told.Files, step, txtar.File{Name: plan, Data: got})
				if want := fileOf(story, plan); !*update && string(want) != string(got) {
					t.Errorf("%s of %s (-update rewrites it): -want +got:\n%s", plan, file, cmp.Diff(string(want), string(got)))
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(told), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func steps(story *txtar.Archive) []txtar.File {
	var out []txtar.File
	for _, f := range story.Files {
		if strings.HasSuffix(f.Name, ".yaml") && !strings.HasSuffix(f.Name, ".plan.yaml") {
			out = append(out, f)
		}
	}
	return out
}

func fileOf(story *txtar.Archive, name string) []byte {
	for _, f := range story.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// readApps returns the apps of a step, and what reading each version said.
func readApps(t testing.TB, text []byte) ([]*convention.App, map[string][]convention.Finding) {
	t.Helper()
	versions, findings := map[string][]*convention.Version{}, map[string][]convention.Finding{}
	var names, groups []string
	for _, doc := range documents(text) {
		d := decode(t, string(doc))
		if d.Kind == "Namespace" {
			groups = strings.Split(d.Annotations[convention.KeyAPIGroup], ",")
			continue
		}
		v, p := convention.Read(d, convention.DefaultLabelKeys())
		findings[d.Name] = p
		if v == nil {
			continue
		}
		if versions[v.App] == nil {
			names = append(names, v.App)
		}
		versions[v.App] = append(versions[v.App], v)
	}
	var apps []*convention.App
	for _, name := range names {
		apps = append(apps, convention.NewApp("echo", name, versions[name], groups, settings()))
	}
	return apps, findings
}

type toldApp struct {
	Name      string              `json:"name"`
	State     convention.State    `json:"state"`
	Primary   string              `json:"primary,omitempty"`
	Roles     map[string]string   `json:"roles"`
	Shares    string              `json:"shares,omitempty"`
	APIGroup  string              `json:"apiGroup,omitempty"`
	Service   string              `json:"service,omitempty"`
	Upstreams []string            `json:"upstreams"`
	Routes    []string            `json:"routes,omitempty"`
	Awake     []string            `json:"awake,omitempty"` // the routes, if they are others once all are scaled up
	Fallback  []string            `json:"fallback,omitempty"`
	Says      map[string][]string `json:"says,omitempty"`
}

type told struct {
	Apps []toldApp           `json:"apps,omitempty"`
	None map[string][]string `json:"none,omitempty"` // Deployments of no app, and what is said of them
}

func tell(apps []*convention.App, findings map[string][]convention.Finding) told {
	var out told
	for _, a := range apps {
		one := toldApp{Name: a.Namespace + "/" + a.Name, Roles: map[string]string{}, Says: map[string][]string{}}
		p := a.Plan(nil)
		one.State, one.APIGroup, one.Shares, one.Routes = p.State, p.APIGroup, p.Summary(), tellRoutes(p.Routes)
		if awake := tellRoutes(a.Awake().Plan(nil).Routes); !slices.Equal(awake, one.Routes) {
			one.Awake = awake
		}
		if v, implicit := a.Primary(); v != nil {
			one.Primary = v.Name
			if implicit {
				one.Primary += " (implicit)"
			}
		}
		if s := p.Service; s != nil {
			one.Service = fmt.Sprintf("%s: %d to %s of %s", s.Name, s.Port, s.TargetPort, tellLabels(s.Selector))
		}
		for _, u := range p.Backends {
			one.Upstreams = append(one.Upstreams,
				fmt.Sprintf("%s: %s:%d of %s by %v", u.Name, u.Service, u.Port, tellLabels(u.Selector), u.SubsetKeys))
		}
		for _, v := range a.Versions {
			one.Roles[v.Name] = string(a.Role(v))
			if says := lines(append(slices.Clone(findings[v.Deployment]), a.Awake().Advice(v)...)); says != nil {
				one.Says[v.Deployment] = says
			}
			delete(findings, v.Deployment)
		}
		if p.State == convention.Invalid {
			one.Fallback = tellRoutes(a.Fallback().Routes)
		}
		out.Apps = append(out.Apps, one)
	}
	for name, left := range findings {
		if out.None == nil {
			out.None = map[string][]string{}
		}
		if out.None[name] = lines(left); left == nil {
			out.None[name] = []string{}
		}
	}
	return out
}

// tellRoutes writes each route in a line: "/echo stage=canary -> v2".
func tellRoutes(routes []route.Route) []string {
	var out []string
	for _, r := range routes {
		var text strings.Builder
		for _, m := range r.Matchers {
			text.WriteString(m.Path.String())
			for _, h := range m.Headers {
				fmt.Fprintf(&text, " %s=%s", h.Name, h.Value)
			}
		}
		for i, d := range r.Destinations {
			text.WriteString([]string{" -> ", ", "}[min(i, 1)] + d.Backend.Labels["version"])
			if d.Weight.Written {
				fmt.Fprintf(&text, " %d", d.Weight.Value)
			}
		}
		if r.Mirror != nil {
			text.WriteString(", copy to " + r.Mirror.Name)
		}
		out = append(out, text.String())
	}
	return out
}

func tellLabels(labels map[string]string) string {
	var out []string
	for k, v := range labels {
		out = append(out, k+"="+v)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}
