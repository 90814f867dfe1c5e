package manifest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// yamlLines are lines that mean different things in different places.
var yamlLines = []string{
	"kind: List", "kind: Menu", "items:", "items: []", "items: # c", "\"items\":", "metadata:", "x:", "x: |",
	"- a: 1", "- a:", "-", "- ", "- x", "- {a: 1}", "- {a: 1,", "- a: \"\\\"", "- \"a\": 1", "- ? a", "- - a", "- !!map",
	"- a: !x", "- &x a: 1", "- a: - b", "- a: b: c", "- kind: List", "- b: 1\r", "-  a: 1", "-   a: 1", "- |", "- a: |",
	"  items:", "  - k: v", "  a: 1", " a: 1", "  b: 2", "    c: 3", "  - x", "  -  b", "  - {a: b}", "  -\tz", "  c: 2\r",
	"  b: |", "  b: |-", "  b: |+", "  b: >", "  b: |2", "   x", "    y", "", " ", "\t", "# c", "  # it's", "  b: # x",
	"\"", "'", "  b: \"q", "  q\"", "  \\\"\"", "b: 'x", "  'y'", "x: \"", "  b: 'it''s'", "  \"k\": v",
	"x: [", "]", "}", "b: 2}", "  b: {c: [", "  ]}", "  {c: d}", "  [", "  b: c d", "  e f",
	"...", "... # x", "---", "--- x", "%YAML 1.1", "? x", ": y", "  ? x", "  : y", "  <<: {a: 1}", "  b: *x", "\u0085",
}

// FuzzYAMLList holds the items that are cut out of a List's text to the library, which reads the List
// as a whole. Each byte of more is a line to add.
func FuzzYAMLList(f *testing.F) {
	for _, text := range []string{
		"apiVersion: v1\nitems:\n- kind: A\n  x:\n  - y\n\n# between\n- kind: B\nkind: List\n",
		"kind: List\nitems:\n  - kind: A\n    x: 1\n  - kind: B\nmetadata:\n  a: b\n",
		"kind: List\nitems:\n- kind: List\n  items:\n  - {kind: A}\n",
		"items:\n- a: 1\nkind: DeploymentList\n...\n",
		"kind: List\n\nitems:\n\n\n- a: |-\n\n    b\n\n  c: d\n",
		// Anchors and aliases.
		"kind: List\nitems:\n- kind: A\n  x: &x {z: 1}\n- kind: B\n  x: *x\n",
		"kind: List\nitems:\n- a: &_x 1\n- b: [1,*_x]\n",
		"kind: List\nitems:\n- &a {b: c}\n- *a\n",
		"kind: List\nitems:\n- {\"a\":&x 1}\n- {\"a\":*x}\n",
		// The kind, and the keys around the items.
		"kind: # List\nitems:\n- a: 1\n",
		"kind: List # s\nitems:\n- a: 1\n",
		"kind: \"List\"\nitems: # x\n- a: 1\n",
		"kind: List\nitems:\n- a: 1\nitems:\n- b: 2\n",
		"kind: List\nkind: Menu\nitems:\n- a: 1\n",
		"kind: List\n\"items\": []\nitems:\n- a: 1\n",
		"kind: List\n? x\n: y\nitems:\n- a: 1\n",
		"kind: List\nmetadata: {\nitems:\n- a: 1\n",
		"kind: List\nmetadata: \"\nitems:\n- a: 1\n\"\n",
		"kind: List\nx: |\n  items:\n  - a\nitems:\n- a: 1\n",
		"kind: List\nx: \"\nitems:\n- a\n\"\n\"items\":\n",
		"kind: List\nitems:\n  #\x03\n  - a:",
		"kind: List\nitems:\n... # x\nitems:\n- a:\n",
		"kind: List\nitems:\n%YAML 1.1\nitems:\n- a: 1\n",
		"%YAML 1.1\n--- # x\nkind: List\nitems:\n- a: !!str 1\n- b: !x y\n",
		// Where an item begins and ends.
		"kind: List\nitems:\n-   a: 1\n    b: 2\n-\n  c: 3\n- # d\n  d: 4\n-\n",
		"kind: List\nitems:\n  a: 1\n",
		"kind: List\nitems:\n  # first\n  - a: 1\n",
		"kind: List\nitems:\n- a: 1\n b: 2\n",
		"kind: List\nitems:\n - a: 1\n- b: 2\n",
		"kind: List\nitems:\n  - a: 1\n- b: 2\n",
		"kind: List\nitems:\n- 00\n  :",
		"kind: List\nitems:\n- - a\n  - b\n- ? a\n  : b\n",
		"kind: List\nitems:\n-\ta: 1\n- b:\t2\n",
		"kind: List\nitems:\n- a\n  b\n\t\nx: y\n",
		"kind: List\nitems:\n- a\n\t\n",
		"kind: List\nitems:\n#\n- a: 1\n #\n  b: 2\n  #\n\n- c: 3\n",
		// Text that goes on.
		"kind: List\nitems:\n- a: |\n    x\n# y\n\n    z\n- b: |+\n    x\n\n# y\n- c: >\n   x\n   y\n",
		"kind: List\nitems:\n- |\n a\n- >-\n  b\n  c\n- d\n  e\n- |1\n  f\n",
		"kind: List\nitems:\n  - |1\n    a\n",
		"kind: List\nitems:\n- {a: 1,\n  b: 2}\n- [1,\n2]\n- \"a\n\n  b\"\n",
		"kind: List\nitems:\n- \"a\n- b\"\n",
		"kind: List\nitems:\n- {a: 1,\nb: 2}\n",
		"kind: List\nitems:\n- 'it''s\n\nkind: Menu'\n",
		"kind: List\nitems:\n- a: # it's\n",
		"kind: List\nitems:\n- a: \"\\\"\n- b\"\n",
		// Ends of lines.
		"kind: List\r\nitems:\r\n- a: 1\r\n  b: |\r\n    x\r\n\r\n- c: 2\r\n",
		"kind: List\nitems:\n- a: 1\r- b: 2\n",
		"kind: List\nitems:\n- a\u2028- b\n",
		"kind: List\nitems:\n- a: é\n- b: \u0085c\n",
		// Values.
		"kind: List\nitems:\n- a: 0x10\n- b: 1e3\n- c: 2026-01-01\n- d: yes\n- <<: {a: b}\n- e: 1\n  e: 2\n",
	} {
		f.Add(text, []byte(nil))
	}
	f.Add("kind: List\nitems:\n", []byte{9, 35, 42, 48, 52, 33, 14, 6, 45})
	f.Fuzz(func(t *testing.T, text string, more []byte) {
		for _, i := range more {
			text += yamlLines[int(i)%len(yamlLines)] + "\n"
		}
		_ = split("x.yaml", bufio.NewReader(strings.NewReader(text)), 1, func(d Document) error {
			if !d.blank() {
				checkCut(t, d)
			}
			return nil
		})
	})
}

func checkCut(t *testing.T, d Document) {
	t.Helper()
	before := string(d.Text)
	whole, refused := yaml.YAMLToJSON(d.Text)
	parts, ok := cutItems(d)
	if !ok && string(d.Text) != before {
		t.Fatalf("the text became %q", d.Text)
	}
	var got bytes.Buffer
	for i, p := range parts {
		text, err := p.JSON()
		if err != nil && refused == nil {
			t.Fatalf("the item %q by itself: %v", p.Text, err)
		}
		if err != nil {
			return // both refuse it
		}
		got.WriteByte("[,"[min(i, 1)])
		got.Write(text)
	}
	if !ok {
		return // it is left to the library
	}
	if refused != nil {
		t.Fatalf("the library refuses it (%v), and it became %s", refused, got.Bytes())
	}
	var list struct {
		Kind  string `json:"kind"`
		Items any    `json:"items"`
	}
	if err := json.Unmarshal(whole, &list); err != nil || !strings.HasSuffix(list.Kind, "List") {
		t.Fatalf("no List was cut: %s: %v", whole, err)
	}
	got.WriteByte(']')
	var items any
	if err := json.Unmarshal(got.Bytes(), &items); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list.Items, items); diff != "" {
		t.Errorf("library -, cut +\n%s", diff)
	}
}
