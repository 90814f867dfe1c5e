package manifest

import "bytes"

// margin is what the keys at the left margin tell of an object, without parsing it.
type margin struct {
	// kind is the object's kind, if it has one.
	kind []byte
	// items: it has such a key.
	items bool
}

// readMargin reads the keys at the left margin of a mapping in block style. Each line there must
// begin with a plain key, or else it reports false: the object may have keys that are written in
// another way (in quotes, with a tag, by a merge key). So the object has no other keys than these.
// Some of these may be none, but text in quotes.
func readMargin(text []byte) (m margin, ok bool) {
	within := false
	for rest := text; len(rest) > 0; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, newLine)
		switch line = bytes.TrimRight(line, " \r"); {
		case len(line) == 0 || line[0] == '#':
			continue
		case within && (line[0] == ' ' || isItem(line)):
			continue // it belongs to the key before it
		case line[0] == ' ' && bytes.TrimLeft(line, " ")[0] == '#':
			continue
		}
		n := keyLength(line)
		if within = true; n == 0 || !m.take(line[:n], bytes.TrimLeft(line[n+1:], " ")) {
			return margin{}, false
		}
	}
	return m, within && !hasRareBreaks(text)
}

// take takes in a key, and the text behind it in its line.
func (m *margin) take(key, value []byte) bool {
	switch string(key) {
	case "items":
		m.items = true
	case "kind":
		if m.kind != nil || !isWord(value) {
			return false
		}
		m.kind = value
	}
	return true
}

func isWord(text []byte) bool {
	for _, c := range text {
		if !isLetter(c) {
			return false
		}
	}
	return len(text) > 0
}

// Kind returns the kind of an object in YAML if that could be told without parsing it, else nothing.
func (d Document) Kind() []byte {
	if !d.certain || d.broken != nil {
		return nil
	}
	return d.margin.kind
}

// mayHaveItems looks at the document and reports whether the object may have items, so that it must be
// parsed. It is false for nearly all.
func (d *Document) mayHaveItems() bool {
	if d.IsJSON {
		return bytes.Contains(d.Text, []byte(`"items"`)) || bytes.Contains(d.Text, []byte(`\u00`))
	}
	if d.margin, d.certain = readMargin(d.Text); d.certain {
		return d.margin.items
	}
	return bytes.Contains(d.Text, []byte("items")) || spells(d.Text)
}

// spells reports whether the YAML may say a word that does not stand in it as it is: by escapes, by a
// tag such as !!binary, or in UTF-16.
func spells(text []byte) bool {
	if bytes.IndexByte(text, '!') >= 0 || bytes.IndexByte(text, 0) >= 0 {
		return true
	}
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 || at+1 == len(text) {
			return false
		}
		if bytes.IndexByte([]byte("xuU\r\n\u0085\u2028"), text[at+1]) >= 0 {
			return true
		}
		text = text[at+2:]
	}
}
