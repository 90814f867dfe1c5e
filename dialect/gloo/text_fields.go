package gloo

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
)

// textFields are the names of fields that are texts of one kind, and of objects, lists and maps that have some. Nil is
// a text itself.
type textFields map[string]textFields

// anyName stands for every name of a map.
const anyName = "*"

// each calls do with each of these texts in what was read no further, and with its path; at is that of the whole.
func (in textFields) each(raw []byte, at string, do func(text, at string)) {
	if len(raw) > 0 {
		in.next(jsontext.NewDecoder(bytes.NewReader(raw)), at, do)
	}
}

// next looks through the next value; it ends at what is no JSON.
func (in textFields) next(d *jsontext.Decoder, at string, do func(text, at string)) {
	switch kind := d.PeekKind(); {
	case kind == '[':
		skip(d)
		for i := 0; d.PeekKind() != ']' && d.PeekKind() != jsontext.KindInvalid; i++ {
			in.next(d, item(at, i), do)
		}
		skip(d)
	case kind == '{' && in != nil:
		skip(d)
		for d.PeekKind() == '"' {
			in.member(d, at, do)
		}
		skip(d)
	case kind == '"' && in == nil:
		text, _ := d.ReadToken()
		do(text.String(), at)
	default:
		_ = d.SkipValue()
	}
}

func (in textFields) member(d *jsontext.Decoder, at string, do func(text, at string)) {
	token, err := d.ReadToken()
	if err != nil {
		return
	}
	name := token.String()
	if of, ok := in[name]; ok {
		of.next(d, at+"."+name, do)
	} else if of, ok = in[anyName]; ok {
		of.next(d, at+"["+name+"]", do)
	} else {
		_ = d.SkipValue()
	}
}

func skip(d *jsontext.Decoder) { _, _ = d.ReadToken() }
