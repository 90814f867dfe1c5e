package manifest

import "testing"

func TestReadYAMLList(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]readCase{
		"in block style": {
			reason: "each item has its line",
			text: `apiVersion: v1
items:
- kind: A
  x:
  - y

# between
- kind: B
kind: List
`,
			want: []string{"3 items[0]   kind: A|  x:|  - y||# between|", "8 items[1]   kind: B|"},
		},
		"indented": {
			reason: "kustomize and people write both",
			text:   "kind: List\nitems:\n  - kind: A\n    x: 1\n  - kind: B\n",
			want:   []string{"3 items[0]     kind: A|    x: 1|", "5 items[1]     kind: B|"},
		},
		"a comment above the first": {
			reason: "it was an item, where it is indented",
			text:   "kind: List\nitems:\n  # first\n  - kind: A\n",
			want:   []string{"4 items[0]     kind: A|"},
		},
		"a comment behind a literal": {
			reason: "it was an empty line of the text",
			text:   "kind: List\nitems:\n- a: |+\n    x\n# y\n- b: 1\n",
			want:   []string{"3 items[0]   a: |+|    x|# y|", "6 items[1]   b: 1|"},
		},
		"items of one line": {
			reason: "they end there, whatever they are",
			text:   "kind: List\nitems:\n- {kind: A} # a\n- just text\n-\n",
			want:   []string{"3 items[0]   {kind: A} # a|", "4 items[1]   just text|", "5 items[2]  |"},
		},
		"an apostrophe": {
			reason: "the item is good by itself, so it ends there",
			text:   "kind: List\nitems:\n- kind: A # it's\n- kind: B\n",
			want:   []string{"3 items[0]   kind: A # it's|", "4 items[1]   kind: B|"},
		},
		"a List in a List": {
			reason: "the item says where",
			text:   "kind: List\nitems:\n- kind: List\n  items:\n  - {kind: A}\n",
			want:   []string{`5 items[0].items[0] {"kind":"A"}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.run(t)
		})
	}
}

// TestReadUnusualList has Lists that can't be cut by their lines. The library reads them as a whole.
func TestReadUnusualList(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]readCase{
		"an alias": {
			reason: "items that are tied together are read together",
			text:   "kind: List\nitems:\n- a: &x {z: 1}\n- b: *x\n",
			want:   []string{`3 items[0] {"a":{"z":1}}`, `4 items[1] {"b":{"z":1}}`},
		},
		"an alias between brackets": {
			reason: "no space need stand before it, and a name may begin with a line",
			text:   "kind: List\nitems:\n- a: &_x 1\n- b: [2,*_x]\n",
			want:   []string{`3 items[0] {"a":1}`, `4 items[1] {"b":[2,1]}`},
		},
		"a quote that goes on": {
			reason: "it may go on at the margin",
			text:   "kind: List\nitems:\n- a: \"x\n- b\"\n",
			want:   []string{`3 items[0] {"a":"x - b"}`},
		},
		"a bracket that goes on": {
			reason: "it may go on at the margin",
			text:   "kind: List\nitems:\n- {a: 1,\nb: 2}\n",
			want:   []string{`3 items[0] {"a":1,"b":2}`},
		},
		"another end of a line": {
			reason: "YAML 1.1 has some",
			text:   "kind: List\nitems:\n- a: 1\r- b: 2\n",
			want:   []string{`1 items[0] {"a":1}`, `1 items[1] {"b":2}`},
		},
		"text": {
			reason: "its indentation counts from where the List stands",
			text:   "kind: List\nitems:\n  - |1\n    a\n",
			want:   []string{`3 items[0] " a\n"`},
		},
		"a commented kind": {
			reason: "the kind is empty",
			text:   "kind: # List\nitems:\n- a: 1\n",
			want:   []string{"1  kind: # List|items:|- a: 1|"},
		},
		"a mapping": {
			reason: "its keys are no items",
			text:   "kind: List\nitems:\n  a: 1\n",
			want:   []string{"1  kind: List|items:|  a: 1|"},
		},
		"two indentations": {
			reason: "who needs the object says that it is no YAML",
			text:   "kind: List\nitems:\n-  a: 1\n  b: 2\n",
			want:   []string{"1  kind: List|items:|-  a: 1|  b: 2|"},
		},
		"the document's end": {
			reason: "the library reads no further",
			text:   "kind: List\nitems:\n- a: 1\n... # end\nitems:\n- b: 2\n",
			want:   []string{`3 items[0] {"a":1}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.run(t)
		})
	}
}
