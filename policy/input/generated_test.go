package input

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write schema.json and the reference in policy/README.md anew")

// TestSchemaIsCurrent holds schema.json, for editors and people, to the structs.
func TestSchemaIsCurrent(t *testing.T) {
	t.Parallel()
	structs := readStructs(t)
	schema := Schema().(map[string]any)
	structs.describeIn(schema, reflect.TypeFor[Document]())
	for t := range structsOf(reflect.TypeFor[Document]()) {
		structs.describeIn(schema["definitions"].(map[string]any)[t.Name()].(map[string]any), t)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		t.Fatal(err)
	}
	current(t, "schema.json", func([]byte) []byte { return text.Bytes() })
}

// describeIn adds the comments of the structs to a schema.
func (r *reference) describeIn(schema map[string]any, t reflect.Type) {
	schema["description"] = strings.Join(strings.Fields(r.docs[t.Name()]), " ")
	properties := schema["properties"].(map[string]any)
	comment := ""
	for i, field := range r.structs[t.Name()].Fields.List {
		comment = cmp.Or(r.inKeys(t, field.Doc.Text()), comment)
		goField := t.Field(i)
		if goField.Anonymous {
			r.describeIn(schema, goField.Type.Elem())
			continue
		}
		name, _ := tagOf(goField)
		// One comment may be about several fields, and names them.
		if slices.Contains(word.FindAllString(comment, -1), name) {
			properties[name].(map[string]any)["description"] = comment
		}
	}
}

// TestReferenceIsCurrent holds the list of keys in policy/README.md to the structs.
func TestReferenceIsCurrent(t *testing.T) {
	t.Parallel()
	structs := readStructs(t)
	structs.keys(reflect.TypeFor[Document](), "", "")
	current(t, "../README.md", func(page []byte) []byte {
		const begin, end = "<!-- generated -->\n", "<!-- /generated -->\n"
		before, rest, begins := strings.Cut(string(page), begin)
		_, after, ends := strings.Cut(rest, end)
		if !begins || !ends {
			t.Fatal("README.md has no place for it, between <!-- generated --> and <!-- /generated -->")
		}
		return []byte(before + begin + "\n```yaml\n" + structs.out.String() + "```\n\n" + end + after)
	})
}

// current compares a file with what it must be, or rewrites it.
func current(t *testing.T, file string, made func(old []byte) []byte) {
	t.Helper()
	old, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	want := made(old)
	if *update {
		if err := os.WriteFile(file, want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(string(want), string(old)); diff != "" {
		t.Errorf("%s is out of date; run go test ./policy/input -run Current -update (-want +got)\n%s", file, diff)
	}
}
