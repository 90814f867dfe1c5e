package odd

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

var newLine = []byte("\n")

// line is the number of the line that is being written.
func (w *writer) line() int { return 1 + bytes.Count(w.out, newLine) }

// endLines ends all lines in another way.
func (w *writer) endLines(with ...string) {
	end := w.pick(with...)
	w.out = bytes.ReplaceAll(w.out, newLine, []byte(end))
	for i := range w.objects {
		if end == "\r" { // that ends no line for whoever counts them
			w.objects[i].First, w.objects[i].Last = 1, 1
		}
	}
}

// mark begins the text with a byte order mark, at times.
func (w *writer) mark() {
	if w.oneOf(6) {
		w.out = append([]byte("\ufeff"), w.out...)
	}
}

// encode writes the text in UTF-16, at times. For kubectl no document follows in such a file.
func (w *writer) encode() {
	var order binary.AppendByteOrder = binary.LittleEndian
	switch w.IntN(4) {
	case 0:
		w.mark()
		return
	case 1:
		order = binary.BigEndian
	}
	text := utf16.Encode([]rune("\ufeff" + string(w.out)))
	w.out = nil
	for _, unit := range text {
		w.out = order.AppendUint16(w.out, unit)
	}
}
