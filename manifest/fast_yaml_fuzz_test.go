package manifest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// FuzzFastYAML holds the fast reader to the library: what it reads at all, it reads alike.
func FuzzFastYAML(f *testing.F) {
	for _, text := range []string{
		"a: b\n", "a:\n  b: 1\n  c: [x, 2, {d: e}]\n", "a: b\na: c\n", "A: |\n  \t\n",
		"a:\n- b: c\n  d: |\n    x\n     y\n\n    z\n- e\n-\n  f: g\n", "a: 'it''s'\nb: \"q\\\"\\n\"\n",
		"a: 010\n", "a: 1e3\n", "a: 10m\n", "a: -5\n", "a: -0\n", "a: 1:30\n", "a: 2026-01-01\n", "a: yes\n", "a: No\n",
		"a: # none\nb:\n", "a: b # c\n", "a: b\n  c\n", "a: {b: c, d: }\n", "a: [b, ]\n", "a: []\nb: {}\n",
		"a: |-\n  x\n\n\nb: c\n", "a: - b\n", "- a\n- b: c\n  d:\n  - e\n", "a:\n  - b\n  - c\nd: e\n",
		"a: http://x:80/y\n", "a: x:y\n", "a: null\nb: ~\n", "a: |\n  x", "a: 0x1F\n", "a: 1_000\n", "a: -text=v2\n",
		"a: .inf\n", "a: -.inf\n", "a: -.INF\n", "a: 1N\n", "a: 12e03\n", "a: 0o7\n", "a: 1.5\n", "a: 16Mi\n",
		"a: \"x\" y\n", "a:\n    b: c\n  d: e\n", "a: |\n  x\n # c\nb: d\n", "a: -\nb: -1x\n", "a: 0b11\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fast, ok := fastYAML([]byte(text))
		if !ok {
			return
		}
		var got, want any
		if err := json.Unmarshal(fast, &got); err != nil {
			t.Fatalf("no JSON: %s: %v", fast, err)
		}
		library, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			t.Fatalf("the library refuses it (%v), and it became %s", err, fast)
		}
		if err := json.Unmarshal(library, &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("library -, fast +\n%s", diff)
		}
	})
}

// TestFastYAML sees that the fast reader takes what most manifests look like.
func TestFastYAML(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"deployment": deployment,
		"literal": `metadata:
  annotations:
    last: |
      {"a": 1}
    b: |-
      x

      y
`,
		"indented list": "spec:\n  routes:\n    - matchers:\n        - prefix: /echo # all\n      name: a\n",
		"comments":      "# Source: x.yaml\nkind: Service # y\n\n# z\nspec:\n  selector: {app: echo}\n",
	} {
		if _, ok := fastYAML([]byte(text)); !ok {
			t.Errorf("%s: left to the library", name)
		}
	}
}

// TestLongKey has a key before which YAML wants a question mark.
func TestLongKey(t *testing.T) {
	t.Parallel()
	if out, ok := fastYAML([]byte(strings.Repeat("a", 1025) + ": b\n")); ok {
		t.Errorf("it became %s", out)
	}
}
