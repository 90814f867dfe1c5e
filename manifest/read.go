package manifest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"sync"
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
	if mark, _ := r.Peek(3); string(mark) == "\ufeff" {
		_, _ = r.Discard(3)
	}
	found := false
	every := func(d Document) error {
		if d.blank() {
			return nil
		}
		found = true
		return items(d, each)
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

// readAny reads JSON where the text begins like it. What is no JSON after all may be YAML.
func readAny(name string, r *bufio.Reader, each func(Document) error) error {
	start, _ := r.Peek(512)
	if bytes.HasPrefix(bytes.TrimLeft(start, " \t\r\n"), []byte("{")) {
		s := jsonStream{newJSONText(name, r), each}
		again, err := s.read()
		if again == nil {
			return err
		}
		return split(name, bufio.NewReader(again), each)
	}
	return split(name, r, each)
}

// split cuts a YAML stream at its document markers.
func split(name string, r *bufio.Reader, each func(Document) error) error {
	var text []byte
	for at, line := 1, 0; ; {
		part, err := r.ReadSlice('\n')
		long := false // what is left of a long line is no marker
		for errors.Is(err, bufio.ErrBufferFull) {
			text, long = append(text, part...), true
			part, err = r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		line++
		rest, marker := bytes.CutPrefix(part, []byte("---"))
		marker = marker && !long &&
			(len(bytes.TrimSpace(rest)) == 0 || rest[0] == ' ' || rest[0] == '\t')
		end := !long && len(part) > 2 && part[0] == '.' && string(bytes.TrimRight(part, " \r\n")) == "..."
		if marker || end {
			if err := each(Document{File: name, Line: at, Text: text}); err != nil {
				return err
			}
			text, at = make([]byte, 0, 2048), line
			part = rest
			if trimmed := bytes.TrimSpace(rest); end || len(trimmed) == 0 || trimmed[0] == '#' {
				part, at = nil, line+1
			}
		}
		text = append(text, part...)
		if err != nil {
			return each(Document{File: name, Line: at, Text: text})
		}
	}
}

// blank reports whether the document holds only comments, directives and space. It cuts empty lines
// before the content.
func (d *Document) blank() bool {
	for rest, line := d.Text, d.Line; ; line++ {
		first, more, found := bytes.Cut(rest, []byte("\n"))
		switch trimmed := bytes.TrimSpace(first); {
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
