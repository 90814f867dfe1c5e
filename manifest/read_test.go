package manifest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	long := "a: " + strings.Repeat("x", 1<<17) + "--- y"
	for name, tc := range map[string]struct {
		reason string
		file   string // the name; "x.yaml" if empty
		text   string
		want   []string // line, item, and text with new lines as "|"
		err    string
	}{
		"documents": {
			reason: "a document's line is that of its first content", text: "a: 1\n---\n\n# two\nb: 2\n--- # three\nc: 3\n...\n--- {d: 4}\n",
			want: []string{"1  a: 1|", "4  # two|b: 2|", "7  c: 3|", "9   {d: 4}|"},
		},
		"comments alone": {reason: "they are no document", text: "# a\n---\n%YAML 1.1\n---\n", err: "x.yaml: holds no object"},
		"a byte order mark": {
			reason: "Windows writes one", text: "\ufeffa: 1\r\n---\r\nb: 2\r\n",
			want: []string{"1  a: 1\r|", "3  b: 2\r|"},
		},
		"a long line": {reason: "what is beyond the buffer is no marker", text: long + "\n", want: []string{"1  " + long + "|"}},
		"a list in block style": {
			reason: "each item has its line", text: "apiVersion: v1\nitems:\n- kind: A\n  x:\n  - y\n\n# between\n- kind: B\nkind: List\n",
			want: []string{"3 items[0]   kind: A|  x:|  - y|||", "8 items[1]   kind: B|"},
		},
		"a list that is indented": {
			reason: "kustomize and people write both", text: "kind: List\nitems:\n  - kind: A\n    x: 1\n  - kind: B\n",
			want: []string{"3 items[0]     kind: A|    x: 1|", "5 items[1]     kind: B|"},
		},
		"a list in a list": {
			reason: "the item says where", text: "kind: List\nitems:\n- kind: List\n  items:\n  - {kind: A}\n",
			want: []string{"3 items[0].items[0] {\"kind\":\"A\"}"},
		},
		"a list with an alias": {
			reason: "items that are tied together are read together", text: "kind: List\nitems:\n- kind: A\n  x: &x {z: 1}\n- kind: B\n  x: *x\n",
			want: []string{"1 items[0] {\"kind\":\"A\",\"x\":{\"z\":1}}", "1 items[1] {\"kind\":\"B\",\"x\":{\"z\":1}}"},
		},
		"items of something else": {
			reason: "only a List is taken apart", text: "kind: Menu\nitems:\n- a: List\n",
			want: []string{"1  kind: Menu|items:|- a: List|"},
		},
		"JSON": {
			reason: "one value after the other", text: "\n{\"a\": \"}\\\"\"}\n{\"b\":\n 2}",
			want: []string{"2  {\"a\": \"}\\\"\"}", "3  {\"b\":| 2}"},
		},
		"a JSON List": {
			reason: "its items come one by one, before its kind is known", text: "{\"items\": [\n {\"kind\": \"A\"},\n {\"kind\": \"List\", \"items\": [{\"kind\": \"B\"}]}, 1],\n \"kind\": \"List\"}\n{\"c\": 1}",
			want: []string{"2 items[0] {\"kind\": \"A\"}", "3 items[1].items[0] {\"kind\": \"B\"}", "3 items[2] 1", "5  {\"c\": 1}"},
		},
		"an empty List":               {reason: "it is an object", text: "kind: List\nitems: []\n"},
		"an empty JSON List":          {reason: "as kubectl get writes it", text: "{\n    \"apiVersion\": \"v1\",\n    \"items\": [],\n    \"kind\": \"List\",\n    \"metadata\": {\"resourceVersion\": \"\"}\n}\n"},
		"an empty JSON List, by kind": {reason: "whatever comes first", text: `{"kind": "List", "items": []}{"a": 1}`, want: []string{`1  {"a": 1}`}},
		"no JSON items of anything":   {reason: "what is no List is a document", text: "{\"items\": [ \n], \"kind\": \"Menu\"}", want: []string{`1  {"items": [ |], "kind": "Menu"}`}},
		"no JSON items, and no JSON":  {reason: "the line of the error", file: "x.json", text: "{\"items\": [\n],\n}", err: "x.json:3: no valid JSON: invalid character '}' looking for beginning of object key string"},
		"JSON items of something else": {
			reason: "its kind stands before", text: `{"kind": "Menu", "items": [{"a": 1}]}`,
			want: []string{`1  {"kind": "Menu", "items": [{"a": 1}]}`},
		},
		"YAML that begins like JSON": {reason: "YAML's reader explains it", text: "{a: 1}\n", want: []string{"1  {a: 1}|"}},
		"broken JSON":                {reason: "the line of the error", file: "x.json", text: "{\n\"a\": 1,\n}", err: "x.json:3: no valid JSON: invalid character '}' looking for beginning of object key string"},
		"JSON that ends":             {reason: "within a List too", file: "x.json", text: "{\"items\": [\n{\"a\": 1},\n{\"b\"", want: []string{"2 items[0] {\"a\": 1}"}, err: "x.json:3: no valid JSON: unexpected end"},
		"JSON with more behind it":   {reason: "the first object is good", file: "x.json", text: "{\"a\": 1}}", want: []string{"1  {\"a\": 1}"}, err: "x.json:1: no valid JSON: invalid character '}' looking for beginning of value"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := tc.file
			if file == "" {
				file = "x.yaml"
			}
			var got []string
			err := read(file, strings.NewReader(tc.text), func(d Document) error {
				text := string(d.Text)
				if len(text) > 1000 {
					text = strings.TrimSuffix(text, "\n") + "\n"
				}
				got = append(got, fmt.Sprintf("%d %s %s", d.Line, d.Item, strings.ReplaceAll(text, "\n", "|")))
				return nil
			})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
			}
			if text := fmt.Sprint(err); err == nil && tc.err != "" || err != nil && text != tc.err {
				t.Errorf("%s: error %v, want %q", tc.reason, err, tc.err)
			}
		})
	}
}

func TestReadStops(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	for _, text := range []string{"a: 1\n---\nb: 2\n", `{"a":1}{"b":2}`, `{"items":[{"a":1},{"b":2}]}`, "kind: List\nitems:\n- a: 1\n- b: 2\n"} {
		n := 0
		err := read("x", strings.NewReader(text), func(Document) error { n++; return stop })
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("%q: %v after %d", text, err, n)
		}
	}
}
