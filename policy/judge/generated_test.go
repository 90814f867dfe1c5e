package judge_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
	"aviary.dev/route"
)

// What a plan needs beside it: the platform's way in, and another team.
const platform = `
apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: public, namespace: gloo-system}
spec:
  virtualHost:
    domains: ['*']
    routes:
    - matchers: [{prefix: /}]
      delegateAction:
        selector: {labels: {apiGroup: example}, namespaces: ['*']}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: fox-routes, namespace: fox, labels: {apiGroup: example}}
spec:
  routes:
  - matchers: [{prefix: /fox}]
    routeAction: {single: {upstream: {name: fox, namespace: fox}, subset: {values: {version: v1}}}}
`

// TestGeneratedTables judges the tables that follow from the convention's stories: two canaries,
// several paths, a shadow and what else they tell of. A rule about routes that spoke of one would
// turn Aviary against itself.
func TestGeneratedTables(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../convention/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	config := policy.DefaultConfig()
	config.Defaults.APIGroup = "example"
	j, tables := judgeOf(t, config), 0
	for _, file := range files {
		story, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range story.Files {
			if !strings.HasSuffix(step.Name, ".yaml") || strings.HasSuffix(step.Name, ".plan.yaml") {
				continue
			}
			t.Run(filepath.Base(file)+"/"+step.Name, func(t *testing.T) { tables += judgeGenerated(t, j, config, step.Data) })
		}
	}
	if tables < 10 {
		t.Errorf("the stories led to %d tables only", tables)
	}
}

func judgeGenerated(t *testing.T, j *judge.Judge, config policy.Config, text []byte) (tables int) {
	store := inventory.NewStore()
	for _, f := range facts(t, []byte(platform)) {
		store.Put(f)
	}
	var apps []string
	versions := map[string][]*convention.Version{}
	for _, f := range facts(t, withAPIVersion(text)) {
		w, ok := f.(*fact.Workload)
		if !ok || w.Version == nil {
			continue
		}
		w.Labels = map[string]string{"app": w.Version.App, "version": w.Version.Name} // as defaulting leaves it
		store.Put(w)
		if !slices.Contains(apps, w.Version.App) {
			apps = append(apps, w.Version.App)
		}
		versions[w.Version.App] = append(versions[w.Version.App], w.Version)
	}
	for _, name := range apps {
		app := convention.NewApp("echo", name, versions[name], nil, config.Settings(convention.DefaultLabelKeys()))
		for _, s := range glootest.Kinds().Writer().Siblings(app, app.Plan(nil)) {
			store.Put(factOf(t, s.Object()))
		}
	}
	for _, f := range store.All() {
		if table, ok := f.(*fact.Table); ok && table.App != "" {
			tables++
			findings, err := j.Decide(t.Context(), judge.Request{Operation: judge.Audit, New: table}, store)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range findings {
				service, _ := store.Service(t.Context(), route.Ref{Namespace: table.Namespace, Name: table.App})
				if service == nil && found.Rule == "upstream-known" {
					continue // no port of the app can be told
				}
				t.Errorf("%s: %s %s", table.Ref, found.Mode, found)
			}
		}
	}
	return tables
}

// withAPIVersion completes the convention's stories, which leave it out.
func withAPIVersion(text []byte) []byte {
	return []byte(strings.NewReplacer("kind: Deployment", "apiVersion: apps/v1\nkind: Deployment",
		"kind: Namespace", "apiVersion: v1\nkind: Namespace").Replace(string(text)))
}

func factOf(t *testing.T, o *unstructured.Unstructured) fact.Fact {
	t.Helper()
	raw, err := o.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	f, err := glootest.Kinds().Decode(o.GroupVersionKind().GroupKind(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// judgeOf makes a judge of Gloo's dialect.
func judgeOf(t *testing.T, config policy.Config) *judge.Judge {
	t.Helper()
	return judgeWith(t, config, glootest.Kinds())
}

func judgeWith(t *testing.T, config policy.Config, kinds *dialect.Kinds) *judge.Judge {
	t.Helper()
	engine, err := story.Engine(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return judge.New(engine, config.Settings(kinds.Keys()), kinds)
}

// tableYAML is a RouteTable with this metadata and a list of routes, both without what encloses them.
func tableYAML(metadata, routes string) string {
	return "{apiVersion: gateway.solo.io/v1, kind: RouteTable, " +
		"metadata: {" + metadata + "}, spec: {routes: [" + routes + "]}}"
}

// rootYAML is a VirtualService with this metadata and virtualHost, both without what encloses them.
func rootYAML(metadata, host string) string {
	return "{apiVersion: gateway.solo.io/v1, kind: VirtualService, " +
		"metadata: {" + metadata + "}, spec: {virtualHost: {" + host + "}}}"
}

func facts(t *testing.T, text []byte) []fact.Fact {
	t.Helper()
	return factsOf(t, glootest.Kinds(), string(text))
}

func factsOf(t *testing.T, kinds *dialect.Kinds, text string) []fact.Fact {
	t.Helper()
	out, err := story.Facts([]byte(text), kinds)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
