package manifest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readCase is a text and the documents that it becomes.
type readCase struct {
	reason string
	file   string // the name; "x.yaml" if empty
	text   string
	want   []string // line, item, and text with new lines as "|"
	err    string
}

func (tc readCase) run(t *testing.T) {
	t.Helper()
	file := tc.file
	if file == "" {
		file = "x.yaml"
	}
	var got []string
	err := read(file, strings.NewReader(tc.text), func(d Document) error {
		text := strings.ReplaceAll(string(d.Text), "\n", "|")
		got = append(got, fmt.Sprintf("%d %s %s", d.Line, d.Item, text))
		return nil
	})
	if diff := cmp.Diff(tc.want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
	}
	if text := fmt.Sprint(err); err == nil && tc.err != "" || err != nil && text != tc.err {
		t.Errorf("%s: error %v, want %q", tc.reason, err, tc.err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	long := "a: " + strings.Repeat("x", 1<<17) + "--- y"
	for name, tc := range map[string]readCase{
		"documents": {
			reason: "a document's line is that of its first content",
			text:   "a: 1\n---\n\n# two\nb: 2\n--- # three\nc: 3\n...\n--- {d: 4}\n",
			want:   []string{"1  a: 1|", "4  # two|b: 2|", "7  c: 3|", "9   {d: 4}|"},
		},
		"comments alone": {
			reason: "they are no document",
			text:   "# a\n---\n%YAML 1.1\n---\n",
			err:    "x.yaml: holds no object",
		},
		"a byte order mark": {
			reason: "Windows writes one",
			text:   "\ufeffa: 1\r\n---\r\nb: 2\r\n",
			want:   []string{"1  a: 1\r|", "3  b: 2\r|"},
		},
		"null": {
			reason: "a template makes it of nothing, and kubectl takes it for no object",
			text:   "null\n---\na: 1\n--- # none\n# two\n~ # three\n\n---\nNULL",
			want:   []string{"3  a: 1|"},
		},
		"null, and nothing else": {
			reason: "there is no object",
			text:   "---\n~\n",
			err:    "x.yaml: holds no object",
		},
		"no null": {
			reason: "words that begin like it, and whatever follows it, are for the reader of objects to refuse",
			text:   "nullify\n---\n~\n~\n---\nnull\na: 1\n---\n\"null\"\n",
			want:   []string{"1  nullify|", "3  ~|~|", "6  null|a: 1|", "9  \"null\"|"},
		},
		"a long line": {
			reason: "what is beyond the buffer is no marker",
			text:   long + "\n",
			want:   []string{"1  " + long + "|"},
		},
		"items of something else": {
			reason: "for kubectl it is a List; for us it counts itself, too",
			text:   "kind: Menu\nitems:\n- a: List\n- b\n",
			want:   []string{"1  kind: Menu|items:|- a: List|- b|", `3 items[0] {"a":"List"}`},
		},
		"Lists that can't be cut": {
			reason: "each item has its own line, whatever ties it to others",
			text: "items: [\n  {kind: List, items: [{kind: A},\n    {kind: B}]},\n  &c {kind: C},\n  *c ]\n" +
				"kind: List\n---\nl: &l\n- kind: D\nkind: List\nitems: *l\n",
			want: []string{
				`2 items[0].items[0] {"kind":"A"}`, `3 items[0].items[1] {"kind":"B"}`, `4 items[1] {"kind":"C"}`,
				`5 items[2] {"kind":"C"}`, `9 items[0] {"kind":"D"}`,
			},
		},
		"an empty List": {
			reason: "it is there, and has no object",
			text:   "kind: List\nitems: []\n",
		},
		"JSON": {
			reason: "one value after the other",
			text:   "\n{\"a\": \"}\\\"\"}\n{\"b\":\n 2}",
			want:   []string{"2  {\"a\": \"}\\\"\"}", "3  {\"b\":| 2}"},
		},
		"YAML that begins like JSON": {
			reason: "the lines before it count",
			text:   "\n\n{a: 1}\n",
			want:   []string{"3  {a: 1}|"},
		},
		"null between JSON": {
			reason: "it is the same there",
			text:   "{\"a\": 1} null {\"b\": null}",
			want:   []string{"1  {\"a\": 1}", "1  {\"b\": null}"},
		},
		"a List that begins like JSON": {
			reason: "nothing was handed on yet",
			text:   "{\"items\": [\n{a: 1}], \"kind\": \"List\"}\n",
			want:   []string{`2 items[0] {"a":1}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.run(t)
		})
	}
}

func TestReadStops(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	for _, text := range []string{
		"a: 1\n---\nb: 2\n", "kind: List\nitems:\n- a: 1\n- b: 2\n",
		`{"a":1}{"b":2}`, `{"items":[{"a":1},{"b":2}]}`,
	} {
		n := 0
		err := read("x", strings.NewReader(text), func(Document) error { n++; return stop })
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("%q: %v after %d", text, err, n)
		}
	}
}
