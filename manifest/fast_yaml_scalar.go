package manifest

import "bytes"

// appendScalar adds an unquoted scalar as JSON.
func appendScalar(out, text []byte) ([]byte, bool) {
	if len(text) == 0 {
		return out, false
	}
	switch c := text[0]; {
	case isLetter(c):
		switch string(text) {
		case "true", "false", "null":
			return append(out, text...), true
		}
		if special(text) {
			return out, false
		}
	case c == '/':
	case isDigit(c), c == '-' && len(text) > 1 && text[1] != ' ':
		if isInteger(text) {
			return append(out, text...), true
		}
		if !surelyText(text) {
			return out, false
		}
	default:
		return out, false
	}
	return appendText(out, text), true
}

// isInteger: no leading zero, which would be octal, and small enough for any number type.
func isInteger(text []byte) bool {
	negative := text[0] == '-'
	if negative {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > 15 || text[0] == '0' && (negative || len(text) > 1) {
		return false
	}
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return true
}

// surelyText reports whether something that begins like a number has a character that no number and
// no time has: a letter but a to f, o, t, x and z, or one of "/=".
func surelyText(text []byte) bool {
	if text[0] == '-' && text[1] == '.' {
		return false // it may be infinite
	}
	return bytes.ContainsAny(text, "ghijklmnpqrsuvwyGHIJKLMNPQRSUVWY/=")
}

func appendText(out, text []byte) []byte {
	out = append(out, '"')
	for _, c := range text {
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, '\\', 'n')
		case '\t':
			out = append(out, '\\', 't')
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}

// flow reads flow collections and quoted text of one line.
type flow struct {
	text []byte
	at   int
	out  []byte
}

const maxFlowDepth = 16

func (f *flow) space() {
	for f.at < len(f.text) && f.text[f.at] == ' ' {
		f.at++
	}
}

// peek returns the next byte; 0 at the end.
func (f *flow) peek() byte {
	if f.at < len(f.text) {
		return f.text[f.at]
	}
	return 0
}

// done reports whether nothing but a comment follows.
func (f *flow) done() bool {
	at := f.at
	f.space()
	return f.peek() == 0 || f.peek() == '#' && f.at > at
}

func (f *flow) value(depth int) bool {
	switch f.peek() {
	case '"':
		return f.double()
	case '\'':
		return f.single()
	case '[', '{':
		return depth < maxFlowDepth && f.collection(depth)
	}
	start := f.at
	for c := f.peek(); c != ',' && c != ']' && c != '}'; c = f.peek() {
		if c == 0 || c == ':' || c == '#' || c == '[' || c == '{' || c == '?' {
			return false
		}
		f.at++
	}
	var ok bool
	f.out, ok = appendScalar(f.out, bytes.TrimRight(f.text[start:f.at], " "))
	return ok
}

func (f *flow) collection(depth int) bool {
	open := f.peek()
	closing := open + 2 // in ASCII, for both kinds
	f.out = append(f.out, open)
	f.at++
	f.space()
	for first := true; first || f.peek() != closing; first = false {
		if first && f.peek() == closing {
			break
		}
		if !first {
			if f.peek() != ',' {
				return false
			}
			f.out = append(f.out, ',')
			f.at++
			f.space()
		}
		if open == '{' {
			n := keyLength(f.text[f.at:])
			if n == 0 {
				return false
			}
			f.out = append(append(append(f.out, '"'), f.text[f.at:f.at+n]...), '"', ':')
			f.at += n + 1
			f.space()
		}
		if !f.value(depth + 1) {
			return false
		}
		f.space()
	}
	f.out = append(f.out, closing)
	f.at++
	return true
}

// double reads double-quoted text, whose common escapes are JSON's.
func (f *flow) double() bool {
	start := f.at
	for f.at++; f.peek() != '"'; f.at++ {
		switch f.peek() {
		case 0:
			return false
		case '\\':
			f.at++
			if f.peek() == 0 || bytes.IndexByte([]byte(`"\nt`), f.peek()) < 0 {
				return false
			}
		}
	}
	f.at++
	f.out = append(f.out, f.text[start:f.at]...)
	return true
}

// single reads single-quoted text.
func (f *flow) single() bool {
	var text []byte
	for f.at++; ; f.at++ {
		switch c := f.peek(); {
		case c == 0:
			return false
		case c == '\'' && f.at+1 < len(f.text) && f.text[f.at+1] == '\'':
			f.at++
			text = append(text, c)
		case c == '\'':
			f.at++
			f.out = appendText(f.out, text)
			return true
		default:
			text = append(text, c)
		}
	}
}
