package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// FuzzJSONList holds the documents of a JSON stream to what encoding/json reads of it, in one line,
// pretty-printed, and as it comes.
func FuzzJSONList(f *testing.F) {
	for _, text := range []string{
		`{"kind":"List","items":[{"a":1},{"b":"\"]}"}]}`,
		"{\"items\": [\n {\"kind\": \"A\"},\n {\"kind\": \"List\", \"items\": [{\"kind\": \"B\"}]}, 1],\n" +
			" \"kind\": \"List\"}",
		`{"items":[[{"items":[1],"kind":"XList"}],"List items"],"kind":"PodList"} null "x" 3 [4]`,
		`{"apiVersion":"v1","items":[],"kind":"List","metadata":{"resourceVersion":""}}`,
		`{"kind":"Menu","items":[{"a":1}]} {"items":[1],"kind":"Menu"}`,
		`{"items":null,"kind":"List"}{"items":{},"kind":"List"}{"items":[1],"kind":null}`,
		`{"Items":[1],"Kind":"List"}{"kind":"List","it\u0065ms":[1,[],{}]}{"kind":"\u004cist","items":[1]}`,
		`{"a":1}}`, `{"a":1},{"b":2}`, `{"items":[{"a":1} {"b":2}]}`, `{"items":[{"a":1},,{"b":2}]}`,
		`{"items":[{"a":1},]}`, `{"items":[1}`, `{"items":[1]`, `{"items":[{"a":`, `{"items":[1]"kind":"List"}`,
		`{"a":01}`, `{"a":1e400,"b":-0}`, `{"a":tru}`, `{"a" 1}`, `{1:2}`, `{}1 6`, "{}\n---\n{}", "{} # x",
		`{"a":"\ud800"}`, "{\"a\":\"\xff\"}", "{\"a\":\"\t\"}", "\n\n {\"a\":\r\n\t1}\r\n", "{}\f #", "{}\u00a0---",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		start := strings.TrimLeft(text, " \t\r\n")
		if !strings.HasPrefix(start, "{") || len(text)-len(start) > 500 {
			return // it is YAML at first sight
		}
		atOnce := inPieces(strings.NewReader(text))
		if bytewise := inPieces(iotest.OneByteReader(strings.NewReader(text))); bytewise != atOnce {
			t.Fatalf("at once %s, byte by byte %s", atOnce, bytewise)
		}
		got, err := readText(text)
		values, rest, bad := jsonValues(text)
		if next := strings.TrimSpace(rest); strings.HasPrefix(next, "#") || strings.HasPrefix(next, "---") {
			return // it goes on as YAML
		}
		if (err == nil) != (bad == nil) {
			t.Fatalf("encoding/json says %v, and it became %v, %v", bad, got, err)
		}
		checkLines(t, text, got)
		sure := true
		var want []found
		for _, v := range values {
			if string(v) != "null" { // that is no object for kubectl, nor for us
				want = append(want, flatten("", v, &sure)...)
			}
		}
		if !sure {
			return
		}
		if err != nil { // items of the value with the error may have been handed on
			got = got[:min(len(got), len(want))]
		}
		if diff := cmp.Diff(want, compacted(got)); diff != "" {
			t.Fatalf("encoding/json -, reader +\n%s", diff)
		}
		for _, form := range []string{layOut(values, ""), layOut(values, "  ")} {
			again, err := readText(form)
			if err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			checkLines(t, form, again)
			if diff := cmp.Diff(want, compacted(again)); diff != "" {
				t.Fatalf("in another form (-want +got)\n%s", diff)
			}
		}
	})
}

func readText(text string) ([]Document, error) {
	var out []Document
	err := read("x.json", strings.NewReader(text), func(d Document) error {
		out = append(out, d)
		return nil
	})
	if errors.Is(err, ErrEmpty) {
		err = nil
	}
	return out, err
}

// inPieces returns all that becomes of a text, in whatever pieces it comes.
func inPieces(in io.Reader) string {
	var out []string
	s := jsonStream{jsonText: newJSONText("x.json", in), each: func(d Document) error {
		out = append(out, fmt.Sprintf("%d %s %s", d.Line, d.Item, d.Text))
		return nil
	}}
	_, err := s.read()
	return fmt.Sprintf("%q %v", out, err)
}

// found is what must be the same however the text is laid out.
type found struct{ Item, Text string }

func compacted(documents []Document) []found {
	var out []found
	for _, d := range documents {
		out = append(out, found{d.Item, strings.TrimSpace(layOut([]json.RawMessage{d.Text}, ""))})
	}
	return out
}

func layOut(values []json.RawMessage, indent string) string {
	var out bytes.Buffer
	for _, v := range values {
		if indent == "" {
			_ = json.Compact(&out, v)
		} else {
			_ = json.Indent(&out, v, "", indent)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// jsonValues returns the values of a stream, what is behind them, and the error that ends it.
func jsonValues(text string) (out []json.RawMessage, rest string, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	for {
		at := decoder.InputOffset()
		var value json.RawMessage
		if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
			return out, "", nil
		} else if err != nil {
			return out, text[at:], err
		}
		out = append(out, value)
	}
}

// flatten returns the items of what kubectl takes for a List and of the Lists in it, or the value
// itself; both where the kind is that of no List. It is not sure where a key stands twice, where items
// come before it turns out that they are of no List, and where they have no kind of their own.
func flatten(item string, value json.RawMessage, sure *bool) []found {
	self := compacted([]Document{{Item: item, Text: value}})
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil || members == nil {
		return self
	}
	*sure = *sure && jsontext.Value(value).IsValid(jsontext.AllowInvalidUTF8(true))
	var items []json.RawMessage
	if json.Unmarshal(members["items"], &items) != nil || items == nil {
		return self
	}
	var kind string
	_ = json.Unmarshal(members["kind"], &kind)
	var out []found
	if !strings.HasSuffix(kind, "List") {
		at := bytes.Index(value, []byte(`"kind"`))
		first := at >= 0 && at < bytes.Index(value, []byte(`"items"`))
		*sure = *sure && (item != "" || len(items) == 0 || first)
		out = self
	}
	*sure = *sure && (kind == "" || kind == "List" || len(members["apiVersion"]) == 0)
	for i, v := range items {
		if p := (Document{Text: v}); kind == "" || !strings.HasSuffix(kind, "List") && !p.mayBeObject() {
			continue
		}
		out = append(out, flatten(Document{Item: item}.item(i), v, sure)...)
	}
	return out
}

// checkLines sees that documents stand in their lines.
func checkLines(t *testing.T, text string, documents []Document) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for _, d := range documents {
		first, _, _ := strings.Cut(string(d.Text), "\n")
		if !strings.Contains(lines[d.Line-1], first) {
			t.Fatalf("line %d is %q, and not where %q begins", d.Line, lines[d.Line-1], first)
		}
	}
}
