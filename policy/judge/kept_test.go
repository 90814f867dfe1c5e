package judge_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
	"aviary.dev/route"
)

// byHand are words of fixes that change the object in which the fault stands.
var byHand = regexp.MustCompile(`\b(move it|split|label it|add a route|remove (it|methods|the)|route to|write one)\b`)

// possible is how other fixes begin.
var possible = regexp.MustCompile(`^(Aviary writes|leave it to Aviary, which writes) this \S+ from ` +
	`(aviary\.dev/[a-z-]+|the annotations) of Deployment (kept|echo)-v1\b`)

// TestAdviceOnWhatAviaryKeeps judges the objects of all rules' stories as if Aviary kept them for an app. No finding
// may ask for a change of what Aviary puts back: each names the Deployment.
func TestAdviceOnWhatAviaryKeeps(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../rules/*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, file := range files {
		s, err := story.Read(file, glootest.Kinds())
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.TellKept(t.Context(), story.Config(), "kept", "kept-v1")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, f := range found {
			told[f.Rule] = true
			if strings.HasPrefix(f.Field, "metadata.annotations") {
				continue // Aviary leaves others' annotations alone, and says of its own that nobody may change them
			}
			if !possible.MatchString(f.Fix) || byHand.MatchString(f.Fix) {
				t.Errorf("%s: %s", file, f)
			}
		}
	}
	for _, r := range policy.Rules() {
		if !told[r.ID] && !slices.Equal(r.Subjects, []policy.Subject{policy.SubjectDeployment}) {
			t.Errorf("no story has a finding of %s about an object that could be kept", r.ID)
		}
	}
}

// TestWhoseAnnotation: a share is that of the version at the destination, a path that of the version which leads. What
// no annotation brings about is nobody's, and a custom rule's own fix stays.
func TestWhoseAnnotation(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "policies", "short"), 0o700); err != nil {
		t.Fatal(err)
	}
	write("policies/short/short.rego", `# METADATA
# title: Short
# description: For this test.
# custom: {subjects: [routes], mode: warn}
package policy.rules["short"]

findings contains {"field": "spec", "message": "m", "fix": "have fewer routes"} if count(input.routes) > 1
`)
	write("aviary.yaml", "apiVersion: aviary.dev/v1alpha1\nkind: Config\npolicies: [policies]\n")
	config, err := policy.LoadConfig(filepath.Join(dir, "aviary.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	store := inventory.NewStore()
	for _, f := range facts(t, []byte(halfToNobody)) {
		store.Put(f)
	}
	table, err := store.Table(t.Context(), glootest.Kinds().Table(route.Ref{Namespace: "echo", Name: "echo"}))
	if err != nil {
		t.Fatal(err)
	}
	r := judge.Request{Operation: judge.Audit, New: table, Settled: true}
	found, err := judgeOf(t, config).Decide(t.Context(), r, store)
	if err != nil {
		t.Fatal(err)
	}
	const from, both = "Aviary writes this RouteTable from ", "the annotations of Deployment echo-v1 and echo-v2"
	want := map[string]string{
		"short":          from + both + ": have fewer routes",
		"table-priority": "leave it to Aviary, which writes this RouteTable from " + both,
		"version-deployed": from + "aviary.dev/weight of Deployment echo-v2: " +
			"scale that up, or give what v2 gets to another version",
		"table-selected": from + "aviary.dev/api-group of Deployment echo-v1: set the group that one selects: " +
			"VirtualService gloo-system/public selects apiGroup=other",
	}
	got := map[string]string{}
	for _, f := range found {
		got[f.Rule] = f.Fix
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// halfToNobody is an app at which no parent looks and of which nobody serves, so that v2 keeps its half at 0 replicas;
// and somebody gave its table a weight.
const halfToNobody = `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo-v1, namespace: echo, annotations: {aviary.dev/app: echo, aviary.dev/role: primary}}
spec:
  selector: {matchLabels: {app: echo, version: v1}}
  template:
    metadata: {labels: {app: echo, version: v1}}
    spec: {containers: [{name: echo, ports: [{containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: echo-v2
  namespace: echo
  annotations: {aviary.dev/app: echo, aviary.dev/role: canary, aviary.dev/weight: "50"}
spec:
  replicas: 0
  selector: {matchLabels: {app: echo, version: v2}}
  template:
    metadata: {labels: {app: echo, version: v2}}
    spec: {containers: [{name: echo, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: echo, namespace: echo}
spec: {selector: {app: echo}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: echo, namespace: echo}
spec:
  kube:
    serviceName: echo
    serviceNamespace: echo
    servicePort: 80
    selector: {app: echo}
    subsetSpec: {selectors: [{keys: [version]}]}
---
apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: public, namespace: gloo-system}
spec:
  virtualHost:
    domains: ["*"]
    routes:
    - matchers: [{prefix: /}]
      delegateAction: {selector: {namespaces: ["*"], labels: {apiGroup: other}}}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: echo-routes, namespace: echo, labels: {aviary.dev/app: echo, apiGroup: example}}
spec:
  weight: 3
  routes:
  - matchers: [{prefix: /echo}]
    routeAction:
      multi:
        destinations:
        - {weight: 50, destination: {upstream: {name: echo}, subset: {values: {version: v1}}}}
        - {weight: 50, destination: {upstream: {name: echo}, subset: {values: {version: v2}}}}
  - matchers: [{prefix: /more}]
    routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v1}}}}
`
