package stories

import (
	"fmt"
	"os"
	"path/filepath"
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

// virtualService is a VirtualService with a name, a label, a domain and a list of namespaces, to
// whose RouteTables it delegates.
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
