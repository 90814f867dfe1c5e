package manifest

import (
	"bytes"
	"slices"
)

// cutItems takes a YAML List in block style apart by its lines: a long one need not be parsed as a
// whole, and each item has its line. It reports false for whatever it may not understand. The parts
// share the document's text, in which a space replaces the hyphen of each item.
func cutItems(d Document) ([]Document, bool) {
	if d.IsJSON || hasAnchors(d.Text) || hasRareBreaks(d.Text) {
		return nil, false
	}
	c := cutter{text: d.Text, line: d.Line}
	for c.at < len(c.text) {
		line, _, _ := bytes.Cut(c.text[c.at:], newLine)
		if !c.take(line) {
			return nil, false
		}
		c.at += len(line) + 1
		c.line++
	}
	if c.within {
		c.end = len(c.text)
	}
	if len(c.items) == 0 {
		return nil, false
	}
	of, ok := c.isList()
	if !ok {
		return nil, false
	}
	parts := make([]Document, len(c.items))
	for i, item := range c.items {
		end := c.end
		if i+1 < len(c.items) {
			end = c.items[i+1].start
		}
		c.text[item.hyphen] = ' '
		parts[i] = Document{File: d.File, Line: item.line, Item: d.item(i), Text: c.text[item.start:end:end], of: of}
	}
	return parts, true
}

// cutter goes through a List line by line.
type cutter struct {
	text []byte
	// at is where the line at hand begins, line its number.
	at, line int
	items    []cutItem
	// within tells the items' lines from those of other keys. The first of these behind the items
	// begins at end.
	within bool
	end    int
	// hyphens is the column of the items' hyphens, inner that of the last item's text, or -1 before
	// it begins.
	hyphens, inner int
	// more tells whether the last item may have further lines.
	more bool
}

type cutItem struct{ start, hyphen, line int }

// take reports whether it understands the line.
func (c *cutter) take(line []byte) bool {
	content := bytes.TrimLeft(line, " ")
	column := len(line) - len(content)
	switch {
	case len(content) > 0 && content[0] == '\t':
		return false // whether it may stand here, also on a blank line, depends on what is around it
	case len(bytes.TrimSpace(content)) == 0 || content[0] == '#':
		return true // it belongs to what is before it
	case c.within && isItem(content) && (len(c.items) == 0 || column == c.hyphens):
		return c.item(content, column)
	case c.within && len(c.items) > 0 && column > c.hyphens && c.inner < 0:
		return c.first(content, column)
	case c.within && len(c.items) > 0 && column > c.hyphens:
		return c.more && column >= c.inner
	case column > 0:
		return !c.within
	}
	return c.key(line)
}

// item takes a line with the hyphen of an item.
func (c *cutter) item(content []byte, column int) bool {
	if !c.lastIsComplete() {
		return false
	}
	c.items = append(c.items, cutItem{start: c.at, hyphen: c.at + column, line: c.line})
	c.hyphens, c.inner = column, -1
	value := bytes.TrimLeft(content[1:], " ")
	if len(value) == 0 || value[0] == '#' {
		return true
	}
	return c.first(value, column+len(content)-len(value))
}

// first takes the text that an item begins with: a key, or all of an item of one line. Anything else
// may be at its end where lines of it seem to follow. The library reads no further than that end,
// and would not find fault with them.
func (c *cutter) first(value []byte, column int) bool {
	c.inner, c.more = column, keyLength(value) > 0
	if c.more {
		return true
	}
	_, ok := fastYAML(slices.Concat([]byte("- "), bytes.TrimRight(value, " \r")))
	return ok
}

// key takes a line at the left margin.
func (c *cutter) key(line []byte) bool {
	line = bytes.TrimRight(line, " \r")
	if keyLength(line) == 0 || !c.lastIsComplete() {
		return false
	}
	if c.within {
		c.within, c.end = false, c.at
	}
	if string(line) != "items:" {
		return true
	}
	c.within = true
	return c.end == 0 && complete(c.text[:c.at]) // or it is the second time, or quoted
}

func (c *cutter) lastIsComplete() bool {
	return !c.within || len(c.items) == 0 || complete(c.text[c.items[len(c.items)-1].start:c.at])
}

// isList asks the library about the text around the items, and returns what they are.
func (c *cutter) isList() (itemType, bool) {
	around := Document{Text: slices.Concat(c.text[:c.items[0].start], c.text[c.end:])}
	text, err := around.StrictJSON()
	if err != nil {
		return itemType{}, false
	}
	l, ok := readList(text)
	return l.of(), ok && string(l.Items) == "null" && isList(textOf(l.Kind))
}

// complete reports whether all quotes and brackets in the text are closed. If they are not, text
// within them goes on behind it, and may look like an item or a key there.
func complete(text []byte) bool {
	count := func(s string) int { return bytes.Count(text, []byte(s)) }
	even := count(`"`)%2 == 0 && count(`'`)%2 == 0 && count(`\"`) == 0
	if even && count("{")+count("[") == count("}")+count("]") {
		return true
	}
	_, err := Document{Text: text}.JSON() // it may be an apostrophe
	return err == nil
}

// hasAnchors reports whether there may be YAML anchors or aliases, which tie items together.
func hasAnchors(text []byte) bool {
	for i := 0; ; i++ {
		next := bytes.IndexAny(text[i:], "&*")
		if next < 0 {
			return false
		}
		i += next
		named := i+1 < len(text) && isAnchorByte(text[i+1])
		if named && (i == 0 || bytes.IndexByte([]byte(" \t\r\n[{,:"), text[i-1]) >= 0) {
			return true
		}
	}
}

func isAnchorByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '-' }

// hasRareBreaks reports whether a line ends in another way than "\n" and "\r\n". YAML 1.1 has some.
func hasRareBreaks(text []byte) bool {
	for _, end := range []string{"\u0085", "\u2028", "\u2029"} {
		if bytes.Contains(text, []byte(end)) {
			return true
		}
	}
	return bytes.Count(text, []byte("\r")) != bytes.Count(text, []byte("\r\n"))
}
