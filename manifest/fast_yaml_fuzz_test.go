package manifest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// FuzzFastYAML holds the quick reader to the library: what it reads at all, it reads alike.
func FuzzFastYAML(f *testing.F) {
	for _, text := range []string{
		"a: b\n", "a:\n  b: 1\n  c: [x, 2, {d: e}]\n", "a:\n- b: c\n  d: |\n    x\n     y\n\n    z\n- e\n-\n  f: g\n", "a: 'it''s'\nb: \"q\\\"\\n\"\n",
		"a: 010\n", "a: 1e3\n", "a: 10m\n", "a: -5\n", "a: -0\n", "a: 1:30\n", "a: 2026-01-01\n", "a: yes\n", "a: No\n", "a: # none\nb:\n",
		"a: b # c\n", "a: b\n  c\n", "a: {b: c, d: }\n", "a: [b, ]\n", "a: []\nb: {}\n", "a: |-\n  x\n\n\nb: c\n", "a: - b\n", "- a\n- b: c\n  d:\n  - e\n",
		"a:\n  - b\n  - c\nd: e\n", "a: b\na: c\n", "a: http://x:80/y\n", "a: x:y\n", "a: null\nb: ~\n", "a: |\n  x", "a: 0x1F\n", "a: 1_000\n", "a: -text=v2\n",
		"a: .inf\n", "a: -.inf\n", "a: -.INF\n", "a: 1N\n", "a: 12e03\n", "a: 0o7\n", "a: 1.5\n", "a: 16Mi\n", "a: \"x\" y\n", "a:\n    b: c\n  d: e\n", "a: |\n  x\n # c\nb: d\n", "a: -\nb: -1x\n", "a: 0b11\n", "A: |\n  \t\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quick, ok := fastYAML([]byte(text))
		if !ok {
			return
		}
		var got, want any
		if err := json.Unmarshal(quick, &got); err != nil {
			t.Fatalf("no JSON: %s: %v", quick, err)
		}
		slow, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			t.Fatalf("the library refuses it (%v), and it became %s", err, quick)
		}
		if err := json.Unmarshal(slow, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("library -, quick +\n%s", diff)
		}
	})
}

// TestFastYAML sees that the quick reader takes what most manifests look like.
func TestFastYAML(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"deployment": "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: echo-v2\n  annotations:\n    aviary.dev/app: echo\n    aviary.dev/weight: \"10\"\n" +
			"spec:\n  template:\n    spec:\n      containers:\n      - name: echo\n        args: [\"-text=v2\", '-listen=:8080']\n        ports:\n        - {containerPort: 8080}\n        resources:\n          limits: {memory: 128Mi, cpu: 100m}\n",
		"literal":       "metadata:\n  annotations:\n    last: |\n      {\"a\": 1}\n    b: |-\n      x\n\n      y\n",
		"indented list": "spec:\n  routes:\n    - matchers:\n        - prefix: /echo # all\n      name: a\n",
		"comments":      "# Source: x.yaml\nkind: Service # y\n\n# z\nspec:\n  selector: {app: echo}\n",
	} {
		if _, ok := fastYAML([]byte(text)); !ok {
			t.Errorf("%s: left to the library", name)
		}
	}
}

// TestLongKey: YAML wants a question mark before it.
func TestLongKey(t *testing.T) {
	t.Parallel()
	if quick, ok := fastYAML([]byte(strings.Repeat("a", 1025) + ": b\n")); ok {
		t.Errorf("it became %s", quick)
	}
}
