package manifest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lenient lets a key stand twice, and broken UTF-8 pass. Whoever decodes the object refuses these,
// in better words.
var lenient = jsonv2.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

var newLine = []byte("\n")

// jsonText is a decoder that keeps the text it reads, as it stands in the file, and counts lines.
type jsonText struct {
	file    string
	in      io.Reader
	decoder *jsontext.Decoder
	// line is that of what comes next, start that of the text.
	line, start int
	// text is what was read of the value at hand. In place of each item that was handed on it has a
	// null, so that it still is the beginning of valid JSON, and yet stays short.
	text []byte
	// ahead is how much of the text peek took, which the decoder counts as unread.
	ahead int
	// invalid tells text that is no JSON from all other errors.
	invalid bool
}

func newJSONText(file string, in io.Reader) jsonText {
	return jsonText{file: file, in: in, decoder: jsontext.NewDecoder(in, lenient), line: 1}
}

// begin returns the kind of the next value of the stream, KindInvalid at the end, and begins a new
// text, as the last document keeps its own.
func (j *jsonText) begin() (jsontext.Kind, error) {
	j.text, j.start = make([]byte, 0, 2048), j.line
	kind := j.peek()
	if kind != jsontext.KindInvalid {
		return kind, nil
	}
	if _, err := j.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return kind, j.explain(err)
	}
	return kind, nil
}

// unread is what has come of the file and was not read, with the text of the value at hand. All of it
// is there if no item of that value was handed on.
func (j *jsonText) unread() []byte {
	return slices.Concat(j.text[:len(j.text)-j.ahead], j.decoder.UnreadBuffer())
}

// atMarker reports whether what comes next begins with a YAML document's marker, or with a comment.
func (j *jsonText) atMarker() bool {
	if text := bytes.TrimSpace(j.text); len(text) > 0 {
		return false
	}
	text := bytes.Trim(j.unread(), " \t\r\n") // no other character is space to JSON: the decoder stops there
	if more := min(len(text), 3); more < 3 && bytes.Equal(text, []byte("---")[:more]) {
		next := make([]byte, 3-more)
		n, _ := io.ReadFull(j.in, next)
		j.in = io.MultiReader(bytes.NewReader(next[:n]), j.in)
		text = append(text, next[:n]...)
	}
	return bytes.HasPrefix(text, []byte("---")) || bytes.HasPrefix(text, []byte("#"))
}

// rest returns a reader of what was not read.
func (j *jsonText) rest() io.Reader { return io.MultiReader(bytes.NewReader(j.unread()), j.in) }

// peek returns the kind of what comes next. The space, comma and colon before it become part of the
// text. Each peek is followed by reading.
func (j *jsonText) peek() jsontext.Kind {
	kind := j.decoder.PeekKind()
	if kind != jsontext.KindInvalid {
		unread := j.decoder.UnreadBuffer()
		space := unread[:len(unread)-len(bytes.TrimLeft(unread, " \t\r\n,:"))]
		j.text, j.ahead = append(j.text, space...), len(space)
		j.line += bytes.Count(space, newLine)
	}
	return kind
}

// next reads a value, and does not keep it. It is valid until the decoder is asked again.
func (j *jsonText) next() (jsontext.Value, error) {
	value, err := j.decoder.ReadValue()
	if err != nil {
		return nil, j.explain(err)
	}
	j.ahead = 0
	j.line += bytes.Count(value, newLine)
	return value, nil
}

// keep makes the next value part of the text. It returns the characters of a string, "" for all
// else.
func (j *jsonText) keep() (string, error) {
	value, err := j.next()
	if err != nil {
		return "", err
	}
	j.text = append(j.text, value...)
	if value.Kind() != jsontext.KindString {
		return "", nil
	}
	characters, _ := jsontext.AppendUnquote(nil, value)
	return string(characters), nil
}

// bracket makes the next bracket part of the text.
func (j *jsonText) bracket() error {
	token, err := j.decoder.ReadToken()
	if err != nil {
		return j.explain(err)
	}
	j.ahead = 0
	j.text = append(j.text, byte(token.Kind()))
	return nil
}

// explain says in which line the text stops to be JSON. What is wrong there it says in the words of
// encoding/json, which are shorter than the decoder's.
func (j *jsonText) explain(err error) error {
	if _, ok := errors.AsType[*jsontext.SyntacticError](err); !ok {
		return cmp.Or(errors.Unwrap(err), err) // of a file that can't be read
	}
	j.invalid = true
	unread := j.decoder.UnreadBuffer()[j.ahead:]
	text := slices.Concat(j.text, unread)
	if bad, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(text, &json.RawMessage{})); ok {
		err = bad
		unread = unread[:min(max(0, int(bad.Offset)-len(j.text)), len(unread))]
	}
	at := Document{File: j.file, Line: j.line + bytes.Count(unread, newLine)}
	return at.Fail("no valid JSON: %s", strings.TrimSuffix(err.Error(), " of JSON input"))
}
