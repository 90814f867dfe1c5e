package manifest

import (
	"slices"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// items calls each for what kubectl takes of a document: for the objects of a List, in which there
// may be Lists, or for the document itself. Whatever has items is a List for kubectl, which forgets
// the rest of it. If its kind says something else, the object counts here as well.
func items(d Document, each func(Document) error) error {
	if !d.mayHaveItems() {
		return each(d)
	}
	parts, itself := []Document(nil), false
	if cut, ok := cutItems(d); ok {
		parts = cut
	} else {
		parts, itself = d.parseItems()
	}
	if itself {
		if err := each(d); err != nil {
			return err
		}
	}
	for _, p := range parts {
		if err := items(p, each); err != nil {
			return err
		}
	}
	return nil
}

// list is what is asked of an object to tell whether it is a List. Values of whatever type do.
type list struct {
	APIVersion jsontext.Value `json:"apiVersion"`
	Kind       jsontext.Value `json:"kind"`
	Items      jsontext.Value `json:"items"`
}

// readList reads an object; it reports false for anything else.
func readList(text []byte) (l list, ok bool) {
	ok = jsonv2.Unmarshal(text, &l, lenient) == nil
	return l, ok
}

// parseItems returns the items of what kubectl takes for a List, as JSON, and whether the document
// itself is to be handed on, too. What is wrong with that is said by whoever needs the object.
func (d *Document) parseItems() (parts []Document, itself bool) {
	text, err := d.JSON()
	if err != nil {
		d.broken = err // whatever its kind is, nobody knows what is in it
		return nil, true
	}
	d.json = text
	l, ok := readList(text)
	kind := textOf(l.Kind)
	var values []jsontext.Value
	switch {
	case !ok || kind == "" || len(l.Items) == 0 || l.Items.Kind() == 'n':
		return nil, true // without a kind kubectl refuses it
	case l.Items.Kind() != '[' && isList(kind):
		d.broken = d.Fail("%sno valid %s: items must be a list", d.prefix(), kind)
		return nil, true
	case jsonv2.Unmarshal(l.Items, &values, lenient) != nil:
		return nil, true
	}
	for i, value := range values {
		parts = append(parts, Document{File: d.File, Line: d.Line, Text: value, IsJSON: true, Item: d.item(i), of: l.of()})
	}
	if d.place(parts); isList(kind) {
		return parts, false
	}
	for i := range parts {
		parts[i].Within = kind
	}
	return slices.DeleteFunc(parts, func(p Document) bool { return !p.mayBeObject() }), true
}

// mayBeObject reports whether kubectl may take an item for an object.
func (d Document) mayBeObject() bool {
	l, ok := readList(d.Text)
	if !ok || jsontext.Value(d.Text).Kind() != '{' {
		return false
	}
	return len(l.APIVersion)+len(l.Kind) == 0 || textOf(l.APIVersion) != "" && textOf(l.Kind) != ""
}

func isList(kind string) bool { return strings.HasSuffix(kind, "List") }

// textOf returns the characters of a string; "" for all else.
func textOf(value jsontext.Value) string {
	if len(value) == 0 || value.Kind() != '"' {
		return ""
	}
	characters, _ := jsontext.AppendUnquote(nil, value)
	return string(characters)
}

// item returns the name of an item of the document.
func (d Document) item(i int) string {
	name := "items[" + strconv.Itoa(i) + "]"
	if d.Item != "" {
		name = d.Item + "." + name
	}
	return name
}

// prefix names the item at the beginning of a message.
func (d Document) prefix() string {
	if d.Item == "" {
		return ""
	}
	return d.Item + ": "
}
