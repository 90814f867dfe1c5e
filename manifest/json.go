package manifest

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonStream reads one JSON value after the other. The items of a List are handed on one by one, so
// that it may be of any length.
type jsonStream struct {
	jsonText
	each func(Document) error
}

// read calls each for all values. If the first is no JSON and the file need not be, it returns a
// reader of the whole text, which may be YAML.
func (s *jsonStream) read() (again io.Reader, err error) {
	for first := true; ; first = false {
		kind, err := s.begin()
		if kind == jsontext.KindInvalid && err == nil {
			return nil, nil
		}
		list := false
		if err == nil {
			list, err = s.document(kind)
		}
		if s.invalid && first && !list && filepath.Ext(s.file) != ".json" {
			return s.all(), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// document hands on the value that comes next, or its items if it is a List.
func (s *jsonStream) document(kind jsontext.Kind) (list bool, err error) {
	d := Document{File: s.file, Line: s.line, IsJSON: true}
	start := len(s.text)
	if kind == jsontext.KindBeginObject {
		list, err = s.object()
	} else {
		_, err = s.keep()
	}
	if list || err != nil {
		return list, err
	}
	d.Text = s.text[start:]
	return false, s.each(d)
}

// object reads an object. If it has items before it says that it is no List, they are handed on and
// not kept, and it is a list. Without any item it is an object like any other.
func (s *jsonStream) object() (list bool, err error) {
	if err := s.bracket(); err != nil {
		return false, err
	}
	for kind := "List"; s.peek() != jsontext.KindEndObject; {
		key, err := s.keep()
		if err != nil {
			return list, err
		}
		array := s.peek() == jsontext.KindBeginArray
		if array && key == "items" && strings.HasSuffix(kind, "List") {
			found, err := s.items()
			if list = list || found; err != nil {
				return list, err
			}
			continue
		}
		value, err := s.keep()
		if err != nil {
			return list, err
		}
		if key == "kind" {
			kind = value
		}
	}
	return list, s.bracket()
}

// items hands on the elements of an array, and reports whether there was any.
func (s *jsonStream) items() (found bool, err error) {
	if err := s.bracket(); err != nil {
		return false, err
	}
	start := len(s.text)
	for i := 0; s.peek() != jsontext.KindEndArray; i++ {
		d := Document{File: s.file, Line: s.line, IsJSON: true, Item: Document{}.item(i)}
		value, err := s.next()
		if err != nil {
			return found, err
		}
		found, d.Text = true, bytes.Clone(value)
		if err := s.each(d); err != nil {
			return found, err
		}
		s.text = append(s.text[:start], "null"...)
	}
	return found, s.bracket()
}
