package stories

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

// readTestdata reads a file of testdata.
func readTestdata(t *testing.T, names ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, names...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// decode parses manifests.
func decode(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	objects, err := aviary.Decode(text)
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	return objects
}

// version is a Deployment that leaves out all that a team may leave out.
type version struct {
	name, app string // as in echo-v1 and echo
	// replicas is 1 by default; write "0" for none.
	replicas    string
	annotations map[string]string // without aviary.dev/
	pod         map[string]string // annotations of the pod template
	labels      map[string]string // of the pod template
}

// v returns a version of app echo with annotations of the form key=value.
func v(name string, annotations ...string) version {
	out := version{name: name, app: "echo", annotations: map[string]string{}}
	for _, a := range annotations {
		key, value, _ := strings.Cut(a, "=")
		out.annotations[key] = value
	}
	return out
}

// of returns the version as one of another app.
func (v version) of(app string) version {
	v.app = app
	return v
}

// deployment returns the name of the version's Deployment.
func (v version) deployment() string { return v.app + "-" + v.name }

// String returns the version's manifest.
func (v version) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %s\n", v.deployment())
	fmt.Fprintf(&b, "  annotations:\n    aviary.dev/app: %q\n", v.app)
	for _, key := range slices.Sorted(maps.Keys(v.annotations)) {
		fmt.Fprintf(&b, "    aviary.dev/%s: %q\n", key, v.annotations[key])
	}
	b.WriteString("spec:\n")
	if v.replicas != "" {
		fmt.Fprintf(&b, "  replicas: %s\n", v.replicas)
	}
	b.WriteString("  template:\n")
	if len(v.labels)+len(v.pod) > 0 {
		b.WriteString("    metadata:\n")
		for name, values := range map[string]map[string]string{"labels": v.labels, "annotations": v.pod} {
			if len(values) > 0 {
				fmt.Fprintf(&b, "      %s:\n", name)
			}
			for _, key := range slices.Sorted(maps.Keys(values)) {
				fmt.Fprintf(&b, "        %s: %q\n", key, values[key])
			}
		}
	}
	b.WriteString("    spec:\n      containers:\n")
	b.WriteString("      - {name: echo, image: hashicorp/http-echo, ports: [{containerPort: 8080}]}\n")
	return b.String()
}

// manifestsOf returns the manifests of several versions.
func manifestsOf(versions ...version) string {
	var b strings.Builder
	for _, v := range versions {
		b.WriteString(v.String())
	}
	return b.String()
}

// upstreamGroup is an UpstreamGroup with a name and one destination, version v1 of app echo, with a
// weight and a namespace.
const upstreamGroup = `apiVersion: gloo.solo.io/v1
kind: UpstreamGroup
metadata: {name: %s}
spec:
  destinations:
  - weight: %d
    destination: {upstream: {name: echo, namespace: %s}, subset: {values: {version: v1}}}
`

// destination is a destination of a hand-made route: a version of app echo in the story's
// namespace, with its weight.
type destination struct {
	version string
	weight  int
}

// table returns a hand-made RouteTable: one route for /<name> to one version, or to several with
// weights.
func (s *story) table(name string, to ...destination) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\napiVersion: gateway.solo.io/v1\nkind: RouteTable\n")
	fmt.Fprintf(&b, "metadata:\n  name: %s\n  labels: {apiGroup: example}\n", name)
	fmt.Fprintf(&b, "spec:\n  routes:\n  - matchers: [{prefix: /%s}]\n    routeAction:\n", name)
	where := func(d destination) string {
		subset := ""
		if d.version != "" {
			subset = fmt.Sprintf(", subset: {values: {version: %s}}", d.version)
		}
		return fmt.Sprintf("{upstream: {name: echo, namespace: %s}%s}", s.namespace, subset)
	}
	if len(to) == 1 {
		fmt.Fprintf(&b, "      single: %s\n", where(to[0]))
		return b.String()
	}
	b.WriteString("      multi:\n        destinations:\n")
	for _, d := range to {
		fmt.Fprintf(&b, "        - destination: %s\n          weight: %d\n", where(d), d.weight)
	}
	return b.String()
}

// virtualService is a VirtualService with a name, a label, a domain and a list of namespaces, to whose
// RouteTables it delegates.
const virtualService = `---
apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: %s, labels: {note: %q}}
spec:
  virtualHost:
    domains: [%s]
    routes:
    - matchers: [{prefix: /}]
      delegateAction: {selector: {labels: {apiGroup: example}, namespaces: [%s]}}
`

// virtualService returns a VirtualService for the RouteTables of the story's namespace.
func (s *story) virtualService(note string) string {
	return fmt.Sprintf(virtualService, "by-hand", note, s.namespace+".example.com", s.namespace)
}

// exposeTables applies such a VirtualService. Without it Aviary would warn that nothing delegates
// to the RouteTables, because other stories have VirtualServices.
func (s *story) exposeTables() {
	s.Helper()
	s.apply(s.virtualService("")).mustSucceed()
}

// replace replaces a part of a manifest, which must contain it.
func replace(text, old, replacement string) string {
	if !strings.Contains(text, old) {
		panic("the manifest must contain " + old + ":\n" + text)
	}
	return strings.ReplaceAll(text, old, replacement)
}
