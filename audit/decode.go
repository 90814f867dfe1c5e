package audit

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/manifest"
)

// head is what must be known of an object before it is decoded; spec and status are passed on as they are.
type head struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   jsontext.Value `json:"metadata,omitempty"`
	Spec       jsontext.Value `json:"spec,omitempty"`
	Status     jsontext.Value `json:"status,omitempty"`
}

// asked are the kinds that facts are kept of.
var asked = map[schema.GroupKind]bool{
	{Group: "apps", Kind: inventory.KindDeployment}:                 true,
	{Group: "apps", Kind: inventory.KindStatefulSet}:                true,
	{Group: "apps", Kind: inventory.KindDaemonSet}:                  true,
	{Kind: inventory.KindService}:                                   true,
	{Kind: inventory.KindNamespace}:                                 true,
	{Group: gloo.GatewayGroup.Group, Kind: gloo.KindRouteTable}:     true,
	{Group: gloo.GatewayGroup.Group, Kind: gloo.KindVirtualService}: true,
	{Group: gloo.GlooGroup.Group, Kind: gloo.KindUpstream}:          true,
	{Group: gloo.GlooGroup.Group, Kind: gloo.KindUpstreamGroup}:     true,
}

// outcome is what became of one document.
type outcome struct {
	fact             inventory.Fact
	place            Place
	skipped, foreign bool
	err              error
}

// decode makes a fact of a document.
func (s *Set) decode(d manifest.Document, inFolder bool) outcome {
	out := outcome{place: Place{d.File, d.Line, d.Item}}
	if unasked(d) {
		out.skipped = true
		return out
	}
	text, err := d.JSON()
	if err != nil {
		out.err = err
		return out
	}
	var h head
	if err := jsonv2.Unmarshal(text, &h, jsontext.AllowDuplicateNames(true)); err != nil || h.APIVersion == "" || h.Kind == "" {
		if out.foreign = inFolder && d.Item == "" && (err != nil || h.APIVersion == "" || h.Kind == ""); !out.foreign {
			out.err = d.Fail("%smust be an object with apiVersion, kind and metadata", prefix(d.Item))
		}
		return out
	}
	group, _, found := strings.Cut(h.APIVersion, "/")
	if !found {
		group = ""
	}
	kind := schema.GroupKind{Group: group, Kind: h.Kind}
	if out.skipped = !asked[kind]; out.skipped {
		return out
	}
	if text, err = s.settle(text, h); err == nil {
		out.fact, err = inventory.Decode(kind, text, s.keys)
	}
	if err != nil {
		if _, strict := d.StrictJSON(); strict != nil {
			out.err = strict
			return out
		}
		out.err = d.Fail("%sno valid %s: %s", prefix(d.Item), h.Kind, plain(err))
		return out
	}
	if out.fact.Identity().Name == "" {
		out.fact, out.err = nil, d.Fail("%s%s without metadata.name", prefix(d.Item), h.Kind)
	}
	if w, ok := out.fact.(*inventory.Workload); ok && w.Version != nil {
		w.Version.Compact()
	}
	return out
}

func prefix(item string) string {
	if item == "" {
		return ""
	}
	return item + ": "
}

// unasked reports whether the text is surely an object of a kind that no facts are kept of, so that it need not be parsed:
// kind stands once at the left margin, as one word.
func unasked(d manifest.Document) bool {
	if d.IsJSON {
		return false
	}
	const key = "\nkind: "
	at := 0
	if !bytes.HasPrefix(d.Text, []byte(key[1:])) {
		if at = bytes.Index(d.Text, []byte(key)) + 1; at == 0 {
			return false
		}
	}
	rest := d.Text[at+len(key)-1:]
	word, _, _ := bytes.Cut(rest, []byte("\n"))
	word = bytes.TrimRight(word, " \r")
	if len(word) == 0 || bytes.Contains(rest, []byte("\nkind:")) {
		return false
	}
	for _, c := range word {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return false
		}
	}
	for kind := range asked {
		if kind.Kind == string(word) {
			return false
		}
	}
	return !bytes.HasSuffix(word, []byte("List"))
}

// settle gives the text with a namespace, if it is of a kind that needs one and names none.
func (s *Set) settle(text []byte, h head) ([]byte, error) {
	var meta struct {
		Namespace string `json:"namespace"`
	}
	if len(h.Metadata) > 0 {
		if err := jsonv2.Unmarshal(h.Metadata, &meta); err != nil {
			return nil, within("metadata", err)
		}
	}
	if meta.Namespace != "" || h.Kind == inventory.KindNamespace {
		return text, nil
	}
	all := map[string]jsontext.Value{}
	if len(h.Metadata) > 0 && string(h.Metadata) != "null" {
		if err := jsonv2.Unmarshal(h.Metadata, &all); err != nil {
			return nil, within("metadata", err)
		}
	}
	name, err := jsonv2.Marshal(s.namespace)
	if err != nil {
		return nil, err
	}
	all["namespace"] = name
	if h.Metadata, err = jsonv2.Marshal(all); err != nil {
		return nil, err
	}
	return jsonv2.Marshal(h)
}

type nestedError struct {
	in string
	error
}

func (e nestedError) Unwrap() error { return e.error }

func within(field string, err error) error { return nestedError{field, err} }

// plain tells what the decoder found, in the words of a manifest.
func plain(err error) string {
	in := ""
	if n, ok := errors.AsType[nestedError](err); ok {
		in = n.in
	}
	bad, ok := errors.AsType[*jsonv2.SemanticError](err)
	if !ok {
		return strings.TrimPrefix(err.Error(), "decode: ")
	}
	var path []string
	if in != "" {
		path = append(path, in)
	}
	for token := range bad.JSONPointer.Tokens() {
		path = append(path, token)
	}
	field := strings.Join(path, ".")
	if len(path) == 3 && path[0] == "metadata" {
		field = fmt.Sprintf("%s.%s[%s]", path[0], path[1], path[2])
	}
	want := "of another kind"
	if bad.GoType != nil {
		switch kind := bad.GoType.Kind().String(); {
		case kind == "string":
			want = `text; write it in quotes`
		case strings.HasPrefix(kind, "int"):
			want = "a whole number"
		case kind == "bool":
			want = "true or false"
		case kind == "slice":
			want = "a list"
		case kind == "map", kind == "struct", kind == "ptr":
			want = "a mapping"
		}
	}
	is := map[jsontext.Kind]string{'n': "empty", 'f': "false", 't': "true", '"': "text", '0': "a number", '{': "a mapping", '[': "a list"}[bad.JSONKind]
	if is == "" {
		is = "something else"
	}
	return fmt.Sprintf("%s: is %s, must be %s", field, is, want)
}
