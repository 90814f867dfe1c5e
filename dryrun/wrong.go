package dryrun

import (
	"bytes"
	"errors"
	"slices"
	"strconv"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"aviary.dev/dialect"
)

// maxWrong is how many values of the wrong type are told of one object.
const maxWrong = 500

// decode reads an object. Each value of the wrong type is told, and then read as what is meant: as if it
// were in quotes, or without them, where that makes it right; else as if it weren't there. So all else
// of the object can be judged.
func decode(kind *dialect.Kind, text []byte) (dialect.Object, []*dialect.ValueError, error) {
	var wrong []*dialect.ValueError
	for {
		object := kind.New()
		err := jsonv2.Unmarshal(text, object)
		if err == nil {
			return object, wrong, nil
		}
		err = explain(err)
		bad, ok := errors.AsType[*dialect.ValueError](err)
		if !ok || bad.Pointer == "" || len(wrong) == maxWrong {
			return nil, nil, err
		}
		if text, ok = without(text, bad); !ok {
			return nil, nil, err
		}
		wrong = append(wrong, bad)
	}
}

// without returns the JSON without a value. An element of a list becomes null, so that those behind it
// keep their places.
func without(text []byte, bad *dialect.ValueError) ([]byte, bool) {
	name, value, ok := find(text, bad.Pointer)
	if !ok {
		return nil, false
	}
	before, after := text[:value.start], text[value.end:]
	old := jsontext.Value(text[value.start:value.end])
	meant, ok := bad.Meant(old)
	switch {
	case ok:
		return slices.Concat(before, meant, after), true
	case name.end == 0 && string(old) == "null":
		return nil, false
	case name.end == 0:
		return slices.Concat(before, []byte("null"), after), true
	}
	before = bytes.TrimRight(text[:name.start], " \t\r\n")
	if rest, comma := bytes.CutPrefix(bytes.TrimLeft(after, " \t\r\n"), []byte(",")); comma {
		after = rest
	} else {
		before = bytes.TrimSuffix(before, []byte(","))
	}
	return slices.Concat(before, after), true
}

// span is a part of a text.
type span struct{ start, end int }

// find returns where a value stands, and the name before it if it is an object's.
func find(text []byte, pointer jsontext.Pointer) (name, value span, ok bool) {
	d := jsontext.NewDecoder(bytes.NewReader(text), lenient)
	next := func() (span, jsontext.Value) {
		v, err := d.ReadValue()
		end := int(d.InputOffset())
		ok = ok && err == nil
		return span{end - len(v), end}, v
	}
	ok = true
	for token := range pointer.Tokens() {
		if open, err := d.ReadToken(); err != nil || !ok {
			return name, value, false
		} else if name = (span{}); open.Kind() == jsontext.KindBeginArray {
			index, err := strconv.Atoi(token)
			for ok = ok && err == nil; ok && index > 0; index-- {
				next()
			}
			continue
		}
		for ok && d.PeekKind() == jsontext.KindString {
			var key jsontext.Value
			if name, key = next(); unquoted(key) == token {
				break
			}
			next()
			name = span{}
		}
		ok = ok && name.end > 0
	}
	value, _ = next()
	return name, value, ok
}

func unquoted(key jsontext.Value) string {
	text, _ := jsontext.AppendUnquote(nil, key)
	return string(text)
}
