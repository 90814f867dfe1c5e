package manifest

import (
	"bytes"
	"errors"
	"path/filepath"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonStream reads one JSON value after the other. The items of a List are handed on one by one, so
// that it may be of any length.
type jsonStream struct {
	jsonText
	each func(Document) error
	// handed: an item of the value at hand was handed on, so that its text is not there any more.
	handed bool
}

// read calls each for all values. What comes next may be YAML, as for kubectl: the whole text if the
// file need not be JSON, and whatever begins with a document's marker. Then it returns true.
func (s *jsonStream) read() (yaml bool, err error) {
	for first := true; ; first = false {
		s.handed = false
		kind, err := s.begin()
		if kind == jsontext.KindInvalid && err == nil {
			return false, nil
		}
		if err == nil {
			err = s.document(kind)
		}
		if s.invalid && !s.handed && (first && filepath.Ext(s.file) != ".json" || s.atMarker()) {
			return true, nil
		}
		if bad, ok := errors.AsType[*Error](err); ok && s.invalid && s.handed && filepath.Ext(s.file) != ".json" {
			bad.Message += "; a List that begins as JSON must be JSON to its end"
		}
		if err != nil {
			return false, err
		}
	}
}

// document hands on the value that comes next, or its items if it is a List.
func (s *jsonStream) document(kind jsontext.Kind) (err error) {
	d := Document{File: s.file, Line: s.line, IsJSON: true}
	start, list := len(s.text), false
	if kind == jsontext.KindBeginObject {
		list, err = s.object()
	} else {
		_, err = s.keep()
	}
	if list || err != nil {
		return err
	}
	if d.Text = s.text[start:]; s.handed {
		d.broken = d.Fail("items stand before the kind, which is that of no List; write kind first")
		d.Text = nil
	}
	return s.each(d)
}

// object reads an object. If it has items before it says that it is no List, they are handed on and
// not kept. It is a list if there were any, and its kind says nothing else.
func (s *jsonStream) object() (list bool, err error) {
	if err := s.bracket(); err != nil {
		return false, err
	}
	var apiVersion string
	for kind := "List"; s.peek() != jsontext.KindEndObject; list = s.handed && (kind == "" || isList(kind)) {
		key, err := s.keep()
		if err != nil {
			return false, err
		}
		if s.peek() == jsontext.KindBeginArray && key == "items" && isList(kind) {
			if err := s.items(typeOfItems(apiVersion, kind)); err != nil {
				return false, err
			}
			continue
		}
		value, err := s.keep()
		if err != nil {
			return false, err
		}
		switch key {
		case "apiVersion":
			apiVersion = value
		case "kind":
			kind = value
		}
	}
	return list, s.bracket()
}

// items hands on the elements of an array.
func (s *jsonStream) items(of itemType) error {
	if err := s.bracket(); err != nil {
		return err
	}
	start := len(s.text)
	for i := 0; s.peek() != jsontext.KindEndArray; i++ {
		d := Document{File: s.file, Line: s.line, IsJSON: true, Item: Document{}.item(i), of: of}
		value, err := s.next()
		if err != nil {
			return err
		}
		s.handed, d.Text = true, bytes.Clone(value)
		if err := s.each(d); err != nil {
			return err
		}
		s.text = append(s.text[:start], "null"...)
	}
	return s.bracket()
}
