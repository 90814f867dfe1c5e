package manifest

import (
	"bytes"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// items calls each for the objects of a List, in which there may be Lists, or for the document
// itself.
func items(d Document, each func(Document) error) error {
	if !bytes.Contains(d.Text, []byte("items")) || !bytes.Contains(d.Text, []byte("List")) {
		return each(d)
	}
	parts, ok := cutItems(d)
	if !ok {
		parts, ok = parseItems(d)
	}
	if !ok {
		return each(d)
	}
	for _, p := range parts {
		if err := items(p, each); err != nil {
			return err
		}
	}
	return nil
}

// parseItems returns the items of a List, as JSON. What is wrong with a document is not said here,
// but by whoever needs the object.
func parseItems(d Document) ([]Document, bool) {
	text, err := d.StrictJSON()
	if err != nil {
		return nil, false
	}
	array, ok := itemsOf(text)
	var values []jsontext.Value
	if !ok || jsonv2.Unmarshal(array, &values, lenient) != nil || values == nil {
		return nil, false
	}
	parts := make([]Document, len(values))
	for i, value := range values {
		parts[i] = Document{File: d.File, Line: d.Line, Text: value, IsJSON: true, Item: d.item(i)}
	}
	return parts, true
}

// itemsOf returns what a List has as its items, and false for anything but a List.
func itemsOf(text []byte) (jsontext.Value, bool) {
	var list struct {
		Kind  string         `json:"kind"`
		Items jsontext.Value `json:"items"`
	}
	err := jsonv2.Unmarshal(text, &list, lenient)
	return list.Items, err == nil && strings.HasSuffix(list.Kind, "List")
}

// item returns the name of an item of the document.
func (d Document) item(i int) string {
	name := "items[" + strconv.Itoa(i) + "]"
	if d.Item != "" {
		name = d.Item + "." + name
	}
	return name
}
