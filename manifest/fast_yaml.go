package manifest

import "bytes"

// fastYAML turns the YAML that most manifests are written in into JSON: block mappings and
// sequences, scalars and flow collections of one line, literal blocks, all in ASCII. It reports
// false for all else, and for whatever could be read in two ways: the library reads that, at some
// twenty times the cost. See docs/adr/0016-fast-yaml.md.
func fastYAML(text []byte) ([]byte, bool) {
	for _, c := range text {
		if c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return nil, false
		}
	}
	p := fastReader{text: text, out: make([]byte, 0, len(text)+len(text)/4)}
	p.next()
	if p.end || !p.block() || !p.end || p.bad {
		return nil, false
	}
	return p.out, true
}

// fastReader reads line by line. The line at hand is content, indented by indent; text follows it.
type fastReader struct {
	text, content []byte
	indent        int
	end, bad      bool
	out           []byte
}

// next goes to the next line with content.
func (p *fastReader) next() {
	for len(p.text) > 0 {
		line, rest, _ := bytes.Cut(p.text, []byte("\n"))
		p.text = rest
		content := bytes.TrimLeft(line, " ")
		if len(content) == 0 || content[0] == '#' {
			continue
		}
		p.bad = p.bad || bytes.IndexByte(content, '\t') >= 0
		p.indent, p.content = len(line)-len(content), bytes.TrimRight(content, " ")
		return
	}
	p.end, p.indent, p.content = true, -1, nil
}

func isItem(content []byte) bool {
	return len(content) > 0 && content[0] == '-' && (len(content) == 1 || content[1] == ' ')
}

// block reads the mapping or sequence that begins at the line at hand.
func (p *fastReader) block() bool {
	if isItem(p.content) {
		return p.sequence()
	}
	return p.mapping()
}

func (p *fastReader) mapping() bool {
	indent := p.indent
	p.out = append(p.out, '{')
	for first := true; p.indent >= indent; first = false {
		n := keyLength(p.content)
		if p.indent > indent || n == 0 || p.bad {
			return false
		}
		if !first {
			p.out = append(p.out, ',')
		}
		p.out = append(append(append(p.out, '"'), p.content[:n]...), '"', ':')
		if !p.value(bytes.TrimLeft(p.content[n+1:], " "), indent, true) {
			return false
		}
	}
	p.out = append(p.out, '}')
	return true
}

func (p *fastReader) sequence() bool {
	indent := p.indent
	p.out = append(p.out, '[')
	for first := true; p.indent == indent && isItem(p.content); first = false {
		if !first {
			p.out = append(p.out, ',')
		}
		value := bytes.TrimLeft(p.content[1:], " ")
		switch {
		case isItem(value) || p.bad:
			return false
		case keyLength(value) > 0: // a mapping that begins behind the hyphen
			p.indent, p.content = indent+len(p.content)-len(value), value
			if !p.mapping() {
				return false
			}
		case !p.value(value, indent, false):
			return false
		}
	}
	p.out = append(p.out, ']')
	return p.indent <= indent
}

// value reads what stands behind a key or a hyphen that is indented by indent.
func (p *fastReader) value(text []byte, indent int, ofKey bool) bool {
	if len(text) > 0 && text[0] == '|' {
		return p.literal(text, indent)
	}
	p.next()
	if len(text) == 0 || text[0] == '#' {
		if p.indent > indent || ofKey && p.indent == indent && isItem(p.content) {
			return p.block()
		}
		p.out = append(p.out, "null"...)
		return true
	}
	if p.bad {
		return false
	}
	switch text[0] {
	case '"', '\'', '[', '{':
		f := flow{text: text, out: p.out}
		if !f.value(0) || !f.done() {
			return false
		}
		p.out = f.out
	default:
		if at := bytes.Index(text, []byte(" #")); at >= 0 {
			text = bytes.TrimRight(text[:at], " ")
		}
		if bytes.Contains(text, []byte(": ")) || text[len(text)-1] == ':' {
			return false
		}
		var ok bool
		if p.out, ok = appendScalar(p.out, text); !ok {
			return false
		}
	}
	return p.indent <= indent // else the scalar goes on
}

// literal reads the lines of a literal block scalar.
func (p *fastReader) literal(header []byte, indent int) bool {
	strip := string(header) == "|-"
	if !strip && string(header) != "|" {
		return false
	}
	var text []byte
	filled, width := 0, -1
	for len(p.text) > 0 {
		line, rest, found := bytes.Cut(p.text, []byte("\n"))
		content := bytes.TrimLeft(line, " ")
		at := len(line) - len(content)
		if width < 0 {
			width = at
			if len(content) == 0 || at <= indent {
				return false
			}
		}
		if len(content) == 0 && at > width || len(content) > 0 && content[0] == '\t' {
			return false // whether the space counts, or ends the indentation, is a fine point
		}
		if len(content) > 0 && at < width {
			break
		}
		if !found && len(content) > 0 {
			return false // so is whether the text ends in a new line
		}
		p.text = rest
		text = append(append(text, line[min(width, len(line)):]...), '\n')
		if len(content) > 0 {
			filled = len(text)
		}
	}
	if filled == 0 {
		return false
	}
	if text = text[:filled]; strip {
		text = text[:filled-1]
	}
	p.out = appendText(p.out, text)
	p.next()
	return p.indent <= indent
}

// maxKey: YAML ends a key that has no question mark before it at 1,024 characters.
const maxKey = 1000

// keyLength returns the length of the key that the text begins with; 0 for none, or for one that is
// not surely text.
func keyLength(text []byte) int {
	n := 0
	for n < len(text) && isKeyByte(text[n]) {
		n++
	}
	if n == 0 || n > maxKey || n == len(text) || text[n] != ':' {
		return 0
	}
	if n+1 < len(text) && text[n+1] != ' ' {
		return 0
	}
	if !isLetter(text[0]) || special(text[:n]) {
		return 0
	}
	return n
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isKeyByte(c byte) bool {
	return isLetter(c) || isDigit(c) || c == '.' || c == '/' || c == '-' || c == '_'
}

// special reports whether YAML 1.1 may read the word as something else than text.
func special(word []byte) bool {
	var small [5]byte
	if len(word) > len(small) {
		return false
	}
	for i, c := range word {
		if small[i] = c; c >= 'A' && c <= 'Z' {
			small[i] |= 0x20
		}
	}
	switch string(small[:len(word)]) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return true
	}
	return false
}
