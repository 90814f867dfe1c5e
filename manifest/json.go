package manifest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// jsonStream reads one JSON object after the other. It looks for the ends of values only, so that the items of a List of
// any length come one by one; whether a value is valid is asked of each.
type jsonStream struct {
	name string
	in   *bufio.Reader
	line int // lines that were read
	text []byte
}

// read gives a reader of the same text from its start if the first value is no JSON.
func (s *jsonStream) read(each func(Document) error) (again io.Reader, err error) {
	for first := true; ; first = false {
		c, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		s.text = append(make([]byte, 0, 2048), c)
		d := Document{File: s.name, Line: s.line + 1, IsJSON: true}
		list := false
		if c == '{' {
			list, err = s.members(func(i int) error { return s.item(d, i, each) })
		} else {
			err = s.rest(c)
		}
		if list || err != nil && !errors.Is(err, io.EOF) {
			if err != nil {
				return nil, s.end(err)
			}
			continue
		}
		d.Text = s.text
		if bad := s.check(d); bad != nil {
			if first && filepath.Ext(s.name) != ".json" {
				return io.MultiReader(bytes.NewReader(s.text), s.in), nil
			}
			return nil, bad
		}
		if err := each(d); err != nil {
			return nil, err
		}
	}
}

// end words the end of the text within a value.
func (s *jsonStream) end(err error) error {
	if errors.Is(err, io.EOF) {
		return &Error{File: s.name, Line: s.line + 1, Message: "no valid JSON: unexpected end"}
	}
	return err
}

func (s *jsonStream) check(d Document) error {
	if json.Valid(d.Text) {
		return nil
	}
	err := json.Unmarshal(d.Text, &json.RawMessage{})
	at := len(d.Text)
	if bad := (*json.SyntaxError)(nil); errors.As(err, &bad) {
		at = min(at, int(bad.Offset))
	}
	d.Line += bytes.Count(d.Text[:at], []byte("\n"))
	return d.Fail("no valid JSON: %v", err)
}

// byte reads a byte and keeps it.
func (s *jsonStream) byte() (byte, error) {
	c, err := s.in.ReadByte()
	if err == nil {
		s.text = append(s.text, c)
		if c == '\n' {
			s.line++
		}
	}
	return c, err
}

// next reads up to something that is no space, and drops the space.
func (s *jsonStream) next() (byte, error) {
	for {
		c, err := s.in.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case c == '\n':
			s.line++
		case c != ' ' && c != '\t' && c != '\r':
			return c, nil
		}
	}
}

// rest keeps what is left of a value that begins with c.
func (s *jsonStream) rest(c byte) error {
	switch c {
	case '"':
		return s.rawString()
	case '{', '[':
		for depth := 1; depth > 0; {
			c, err := s.byte()
			switch {
			case err != nil:
				return err
			case c == '{' || c == '[':
				depth++
			case c == '}' || c == ']':
				depth--
			case c == '"':
				if err := s.rawString(); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for {
		next, err := s.in.Peek(1)
		if err != nil || strings.IndexByte(" \t\r\n,]}", next[0]) >= 0 {
			return err
		}
		if _, err := s.byte(); err != nil {
			return err
		}
	}
}

func (s *jsonStream) rawString() error {
	for {
		c, err := s.byte()
		if err == nil && c == '\\' {
			_, err = s.byte()
		} else if c == '"' {
			return err
		}
		if err != nil {
			return err
		}
	}
}

// members reads an object. If it has items before it says that it is no List, each item is handed on and not kept, and the
// object is a list; without any item it is an object like any other.
func (s *jsonStream) members(item func(int) error) (list bool, err error) {
	var key, kind string
	for value := false; ; {
		c, err := s.byte()
		if err != nil {
			return list, err
		}
		start := len(s.text) - 1
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '}':
			return list, nil
		case ',', ':':
			value = c == ':'
			continue
		}
		if value && c == '[' && key == `"items"` && (kind == "" || strings.HasSuffix(kind, `List"`)) {
			some, err := s.items(item)
			if list = list || some; err != nil {
				return list, err
			}
			continue
		}
		if err := s.rest(c); err != nil {
			return list, err
		}
		switch text := string(s.text[start:min(len(s.text), start+64)]); {
		case !value:
			key = text
		case key == `"kind"`:
			kind = text
		}
	}
}

// items hands on the elements of a list whose bracket was read, and reports whether there is any.
func (s *jsonStream) items(item func(int) error) (found bool, err error) {
	for i := 0; ; {
		c, err := s.byte()
		switch {
		case err != nil:
			return i > 0, err
		case c == ']':
			return i > 0, nil
		case strings.IndexByte(" \t\r\n,", c) >= 0:
			continue
		}
		s.text = append(make([]byte, 0, 2048), c)
		if err := item(i); err != nil {
			return true, err
		}
		s.text = s.text[:0]
		i++
	}
}

func (s *jsonStream) item(d Document, i int, each func(Document) error) error {
	d.Line, d.Item = s.line+1, "items["+strconv.Itoa(i)+"]"
	err := s.rest(s.text[0])
	if err != nil {
		return err
	}
	d.Text, s.text = s.text, nil
	if err := s.check(d); err != nil {
		return err
	}
	return each(d)
}
