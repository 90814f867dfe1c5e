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
	// untyped are items of it that wait for the list to say of what type they are, and those behind them.
	untyped []Document
}

// read calls each for all values. What comes next may be YAML, as for kubectl: the whole text if the
// file need not be JSON, and whatever begins with a document's marker. Then it returns true.
func (s *jsonStream) read() (yaml bool, err error) {
	for first := true; ; first = false {
		s.handed, s.untyped = false, nil
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
// not kept, unless only its kind can say of what type they are: these are handed on at its end. It is a
// list if there were any, and its kind says nothing else.
func (s *jsonStream) object() (list bool, err error) {
	if err := s.bracket(); err != nil {
		return false, err
	}
	apiVersion, said := "", false
	kind := "List"
	for s.peek() != jsontext.KindEndObject {
		key, err := s.keep()
		if err != nil {
			return false, err
		}
		if s.peek() == jsontext.KindBeginArray && key == "items" && isList(kind) {
			known := said && (kind == "List" || apiVersion != "")
			if err := s.items(typeOfItems(apiVersion, kind), known); err != nil {
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
			kind, said = value, true
		}
	}
	if err := s.bracket(); err != nil {
		return false, err
	}
	list = s.handed && (kind == "" || isList(kind)) || len(s.untyped) > 0 && said && isList(kind)
	for i := 0; list && i < len(s.untyped) && err == nil; i++ {
		s.untyped[i].of = typeOfItems(apiVersion, kind)
		err = s.each(s.untyped[i])
	}
	return list, err
}

// items hands on the elements of an array. From one on that has no type, while that of the list is not known, it keeps
// them.
func (s *jsonStream) items(of itemType, known bool) error {
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
		if d.Text = bytes.Clone(value); len(s.untyped) > 0 || !known && isUntyped(value) {
			s.text, s.untyped = append(s.text, value...), append(s.untyped, d)
			continue
		}
		s.handed = true
		if err := s.each(d); err != nil {
			return err
		}
		s.text = append(s.text[:start], "null"...)
	}
	return s.bracket()
}

// isUntyped reports whether an object says neither apiVersion nor kind.
func isUntyped(text []byte) bool {
	l, ok := readList(text)
	return ok && jsontext.Value(text).Kind() == '{' && len(l.APIVersion)+len(l.Kind) == 0
}
