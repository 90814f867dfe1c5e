package manifest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"unicode"
	"unicode/utf16"
)

// Read calls each for every document of a file, in order, and stops when it returns an error. A
// document's Text may be kept. The error of a file that can't be read is an [Error].
func Read(file string, stdin io.Reader, each func(Document) error) error {
	in, name := stdin, "stdin"
	if file != Stdin {
		f, err := os.Open(file) // #nosec G304 -- the user names the file
		if err != nil {
			return &Error{File: file, Message: reason(err).Error()}
		}
		defer func() { _ = f.Close() }()
		in, name = f, file
	}
	return read(name, in, each)
}

// readers are kept for the next file: there may be one for each object.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 1<<16) }}

func read(name string, in io.Reader, each func(Document) error) error {
	r := readers.Get().(*bufio.Reader)
	r.Reset(in)
	defer func() {
		r.Reset(nil)
		readers.Put(r)
	}()
	switch mark, _ := r.Peek(3); {
	case string(mark) == "\ufeff":
		_, _ = r.Discard(3)
	case bytes.HasPrefix(mark, []byte{0xff, 0xfe}), bytes.HasPrefix(mark, []byte{0xfe, 0xff}):
		text, err := fromUTF16(r)
		if err != nil {
			return &Error{File: name, Message: reason(err).Error()}
		}
		r.Reset(bytes.NewReader(text))
	}
	found, number := false, 0
	numbered := func(d Document) error {
		number++
		d.Number = number
		return each(d)
	}
	every := func(d Document) error {
		if d.blank() {
			return nil
		}
		found = true
		return items(d, numbered)
	}
	err := readAny(name, r, every)
	if plain := (*os.PathError)(nil); errors.As(err, &plain) {
		return &Error{File: name, Message: reason(err).Error()}
	}
	if err == nil && !found {
		return &Error{File: name, Message: ErrEmpty.Error()}
	}
	return err
}

// fromUTF16 returns text that begins with a byte order mark, as Windows writes it, in UTF-8.
func fromUTF16(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if text[0] == 0xfe {
		order = binary.BigEndian
	}
	units := make([]uint16, 0, len(text)/2)
	for text = text[2:]; len(text) > 1; text = text[2:] {
		units = append(units, order.Uint16(text))
	}
	return []byte(string(utf16.Decode(units))), nil
}

// readAny reads JSON where the text begins like it, as kubectl does. What is no JSON after all may be
// YAML.
func readAny(name string, r *bufio.Reader, each func(Document) error) error {
	start, err := r.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(start), []byte("{")) {
		return split(name, r, 1, each)
	}
	s := jsonStream{jsonText: newJSONText(name, r), each: each}
	yaml, err := s.read()
	if !yaml {
		return err
	}
	rest := bufio.NewReader(s.rest())
	return split(name, rest, s.start+skipSpace(rest), each)
}

// skipSpace drops space up to the end of the line, as kubectl does before it goes over to YAML. It
// returns how many lines that were.
func skipSpace(r *bufio.Reader) int {
	for {
		c, _, err := r.ReadRune()
		switch {
		case err != nil:
			return 0
		case !unicode.IsSpace(c):
			_ = r.UnreadRune()
			return 0
		case c == '\n':
			return 1
		}
	}
}

// split cuts a YAML stream at its document markers. Its first line is of this number.
func split(name string, r *bufio.Reader, line int, each func(Document) error) error {
	var text []byte
	for at := line; ; line++ {
		part, err := readLine(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if rest, cut := isMarker(part); cut {
			if err := each(Document{File: name, Line: at, Text: text}); err != nil {
				return err
			}
			text, at = make([]byte, 0, 2048), line
			if part = rest; len(rest) == 0 {
				at++
			}
		}
		text = append(text, part...)
		if err != nil {
			return each(Document{File: name, Line: at, Text: text})
		}
	}
}

// readLine returns a line with its end. It is valid until the next one is read.
func readLine(r *bufio.Reader) ([]byte, error) {
	part, err := r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return part, err
	}
	line := slices.Clone(part)
	for errors.Is(err, bufio.ErrBufferFull) {
		part, err = r.ReadSlice('\n')
		line = append(line, part...)
	}
	return line, err
}

// isMarker reports whether a document begins with the line, or ends with it, and returns what of it is
// the next document's. For kubectl text behind a marker is an error.
func isMarker(line []byte) (rest []byte, is bool) {
	if len(line) < 3 || line[0] != '-' && line[0] != '.' {
		return nil, false
	}
	if string(bytes.TrimRight(line, " \r\n")) == "..." {
		return nil, true
	}
	rest, is = bytes.CutPrefix(line, []byte("---"))
	trimmed := bytes.TrimSpace(rest)
	switch {
	case !is:
		return nil, false
	case len(trimmed) == 0 || trimmed[0] == '#':
		return nil, true
	}
	return rest, rest[0] == ' ' || rest[0] == '\t'
}

// blank reports whether the document holds only comments, directives, space, and null, as templates make it of nothing:
// kubectl takes that for no object. It cuts empty lines before the content.
func (d *Document) blank() bool {
	null := false
	for rest, line := d.Text, d.Line; ; line++ {
		first, more, found := bytes.Cut(rest, []byte("\n"))
		switch trimmed := bytes.TrimSpace(first); {
		case !null && isNull(trimmed):
			null = true
		case len(trimmed) > 0 && trimmed[0] != '#' && trimmed[0] != '%':
			return false
		case len(trimmed) == 0 && len(d.Text) == len(rest):
			d.Text, d.Line = more, line+1 // the object's line is that of its first content
		}
		if !found {
			return true
		}
		rest = more
	}
}

// isNull reports whether a line says null, in YAML or in JSON.
func isNull(line []byte) bool {
	word, _, _ := bytes.Cut(line, []byte(" #"))
	switch string(bytes.TrimSpace(word)) {
	case "null", "Null", "NULL", "~":
		return true
	}
	return false
}
