package manifest

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestReadJSONList(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]readCase{
		"a List": {
			reason: "its items come one by one, before its kind is known",
			text: `{"items": [
 {"kind": "A"},
 {"kind": "List", "items": [{"kind": "B"}]}, 1],
 "kind": "List"}
{"c": 1}`,
			want: []string{
				`2 items[0] {"kind": "A"}`, `3 items[1].items[0] {"kind": "B"}`, `3 items[2] 1`, `5  {"c": 1}`,
			},
		},
		"items without a type, before that of the list": {
			reason: "they are kept until it is known, and have their own lines all the same",
			text:   "{\"items\": [\n {\"a\": 1},\n\n {\"b\":\n2}],\n\"kind\": \"PodList\", \"apiVersion\": \"v1\"}",
			want:   []string{`2 items[0] {"a": 1}`, `4 items[1] {"b":|2}`},
		},
		"items without a type, behind that of the list": {
			reason: "they come one by one",
			text:   "{\"kind\": \"PodList\", \"apiVersion\": \"v1\",\n\"items\": [{\"a\": 1},\n{\"b\": 2}]}",
			want:   []string{`2 items[0] {"a": 1}`, `3 items[1] {"b": 2}`},
		},
		"items of inner Lists": {
			reason: "each has its own line",
			text: "{\"items\": [{\"kind\": \"List\",\n\"items\": [\n{\"items\": [{\"kind\": \"A\"},\n {\"kind\": \"B\"}]," +
				"\"kind\": \"List\"},\n{\"kind\": \"C\"}]}],\"kind\": \"List\"}",
			want: []string{
				`3 items[0].items[0].items[0] {"kind": "A"}`, `4 items[0].items[0].items[1] {"kind": "B"}`,
				`5 items[0].items[1] {"kind": "C"}`,
			},
		},
		"an empty List": {
			reason: "as kubectl get writes it",
			text: `{
    "apiVersion": "v1",
    "items": [],
    "kind": "List",
    "metadata": {"resourceVersion": ""}
}
`,
		},
		"an empty List, by its kind": {
			reason: "whatever comes first",
			text:   `{"kind": "List", "items": []}{"a": 1}`,
			want:   []string{`1  {"a": 1}`},
		},
		"no items of anything": {
			reason: "what is no List is a document",
			text:   "{\"items\": [ \n], \"kind\": \"Menu\"}",
			want:   []string{`1  {"items": [ |], "kind": "Menu"}`},
		},
		"items of something else": {
			reason: "for kubectl it is a List; for us it counts itself, too",
			text:   `{"kind": "Menu", "items": [{"a": 1}, "b", {"kind": "A"}]}`,
			want:   []string{`1  {"kind": "Menu", "items": [{"a": 1}, "b", {"kind": "A"}]}`, `1 items[0] {"a": 1}`},
		},
		"Items in capitals": {
			reason: "Kubernetes tells capitals from small letters",
			text:   `{"Kind": "List", "Items": [{"items": "List"}]}`,
			want:   []string{`1  {"Kind": "List", "Items": [{"items": "List"}]}`},
		},
		"a key twice, and broken UTF-8": {
			reason: "who decodes the object refuses them",
			text:   "{\"items\": [{\"a\": 1, \"a\": \"\xff\"}], \"kind\": \"List\"}",
			want:   []string{"1 items[0] {\"a\": 1, \"a\": \"\xff\"}"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.run(t)
		})
	}
}

func TestReadNoJSON(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]readCase{
		"an object": {
			text: "{\n\"a\": 1,\n}",
			err:  "x.json:3: no valid JSON: invalid character '}' looking for beginning of object key string",
		},
		"an empty List": {
			text: "{\"items\": [\n],\n}",
			err:  "x.json:3: no valid JSON: invalid character '}' looking for beginning of object key string",
		},
		"the end within an object": {
			text: "{\"a\":\n",
			err:  "x.json:2: no valid JSON: unexpected end",
		},
		"the end within a List": {
			text: "{\"items\": [\n{\"kind\": 1},\n{\"b\"",
			want: []string{"2 items[0] {\"kind\": 1}"},
			err:  "x.json:3: no valid JSON: unexpected end",
		},
		"more behind an object": {
			text: "{\"a\": 1}}",
			want: []string{"1  {\"a\": 1}"},
			err:  "x.json:1: no valid JSON: invalid character '}' looking for beginning of value",
		},
		"an item": {
			text: "{\"items\": [{\"kind\":\n1},\n{\"b\":\n\n2 3}]}",
			want: []string{"1 items[0] {\"kind\":|1}"},
			err:  "x.json:5: no valid JSON: invalid character '3' after object key:value pair",
		},
		"no comma between items": {
			text: "{\"items\": [{\"kind\": 1},\n{\"kind\": 2}\n\n{\"c\": 3}]}",
			want: []string{"1 items[0] {\"kind\": 1}", "2 items[1] {\"kind\": 2}"},
			err:  "x.json:4: no valid JSON: invalid character '{' after array element",
		},
		"no comma behind the items": {
			text: "{\"items\": [{\"kind\": 1}]\n\"kind\": \"List\"}",
			want: []string{"1 items[0] {\"kind\": 1}"},
			err:  "x.json:2: no valid JSON: invalid character '\"' after object key:value pair",
		},
		"too deep": {
			text: "{\"a\":\n" + strings.Repeat("[", 10_000),
			err:  "x.json:2: no valid JSON: invalid character '[' exceeded max depth",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.file, tc.reason = "x.json", "the line and the words of the error"
			tc.run(t)
		})
	}
}

// TestReadFails sees that an error of the file is told from one of its text, even if the file seems
// to be at its end thereafter.
func TestReadFails(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{}", `{"a": 1} {`, `{"a": `, `{"items": [1, `} {
		begin := strings.NewReader(text + strings.Repeat(" ", 1000))
		in := io.MultiReader(begin, iotest.TimeoutReader(strings.NewReader("  ")))
		err := read("x", in, func(Document) error { return nil })
		if !errors.Is(err, iotest.ErrTimeout) || err.Error() != iotest.ErrTimeout.Error() {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestTypeBehindItems: jq -S writes a list's kind behind its items, and these have no other type than the list's.
func TestTypeBehindItems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"apiVersion":"v1","items":[{"a":1},{"b":2}],"kind":"PodList"}`: `{"apiVersion":"v1","kind":"Pod","a":1}` +
			`{"apiVersion":"v1","kind":"Pod","b":2}`,
		`{"apiVersion":"v1","items":[{"a":1},{"b":2}],"kind":"List"}`: `{"a":1}{"b":2}`,
		`{"apiVersion":"v1","items":[{"a":1},{"b":2}],"kind":"PodList","b":[{"c":1}]}`: "" +
			`{"apiVersion":"v1","kind":"Pod","a":1}{"apiVersion":"v1","kind":"Pod","b":2}`,
		`{"apiVersion":"v1","items":[{"apiVersion":"v2","kind":"A"}],"kind":"PodList"}`: `{"apiVersion":"v2","kind":"A"}`,
		`{"items":[{"apiVersion":"v2","kind":"A"},{"b":2}],"kind":"PodList","apiVersion":"v1"}`: "" +
			`{"apiVersion":"v2","kind":"A"}{"apiVersion":"v1","kind":"Pod","b":2}`,
		`{"items":[{"a":1},{"apiVersion":"v2","kind":"A"}],"kind":"PodList","apiVersion":"v1"}`: "" +
			`{"apiVersion":"v1","kind":"Pod","a":1}{"apiVersion":"v2","kind":"A"}`,
		`{"items":[{"a":1},{"b":2}],"kind":"Menu"}`:              `{"items":[{"a":1},{"b":2}],"kind":"Menu"}{"a":1}{"b":2}`,
		`{"kind":"PodList","items":[{"a":1}],"apiVersion":"v1"}`: `{"apiVersion":"v1","kind":"Pod","a":1}`,
		`{"items":[{"a":1}]}`:                                    `{"items":[{"a":1}]}`,
	} {
		got := ""
		if err := read("x.json", strings.NewReader(text), func(d Document) error {
			out, err := d.JSON()
			got += string(out)
			return err
		}); err != nil || got != want {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
}
