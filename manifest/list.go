package manifest

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// items calls each for the objects of a List, in which there may be Lists, or for the document itself.
func items(d Document, each func(Document) error) error {
	if !bytes.Contains(d.Text, []byte("items")) || !bytes.Contains(d.Text, []byte("List")) {
		return each(d)
	}
	if !d.IsJSON {
		if parts := cutItems(d); parts != nil {
			return nested(parts, each)
		}
	}
	text, err := d.StrictJSON()
	if err != nil {
		return each(d) // who needs the object will say so
	}
	var list struct {
		Kind  string            `json:"kind"`
		Items []json.RawMessage `json:"items"`
	}
	if json.Unmarshal(text, &list) != nil || !strings.HasSuffix(list.Kind, "List") || list.Items == nil {
		return each(d)
	}
	parts := make([]Document, len(list.Items))
	for i, item := range list.Items {
		parts[i] = Document{File: d.File, Line: d.Line, Text: item, IsJSON: true, Item: d.item(i)}
	}
	return nested(parts, each)
}

func nested(parts []Document, each func(Document) error) error {
	for _, p := range parts {
		if err := items(p, each); err != nil {
			return err
		}
	}
	return nil
}

// item names an item of the document.
func (d Document) item(i int) string {
	name := "items[" + strconv.Itoa(i) + "]"
	if d.Item != "" {
		name = d.Item + "." + name
	}
	return name
}

// cutItems takes a List in block style apart by its lines, so that a long one need not be parsed as a whole and each item
// has its line. It gives nil for anything unusual, anchors among them.
func cutItems(d Document) []Document {
	if hasAnchors(d.Text) {
		return nil
	}
	c := cutter{list: d, indent: -1, line: d.Line - 1}
	for rest := d.Text; len(rest) > 0; {
		line, more, _ := bytes.Cut(rest, []byte("\n"))
		if !c.take(slices.Clip(line)) {
			return nil
		}
		rest = more
	}
	if !c.isList || len(c.parts) == 0 {
		return nil
	}
	return c.parts
}

// cutter takes a List apart line by line.
type cutter struct {
	list           Document
	parts          []Document
	indent         int // of the items' hyphens; -1 before the first
	line           int
	within, isList bool // within the items; it says that it is a List
}

// take reports whether the line is one that it understands.
func (c *cutter) take(line []byte) bool {
	c.line++
	content := bytes.TrimLeft(line, " ")
	at := len(line) - len(content)
	switch {
	case len(bytes.TrimSpace(content)) == 0 || content[0] == '#' && at == 0:
		if n := len(c.parts); c.within && n > 0 {
			c.parts[n-1].Text = append(c.parts[n-1].Text, '\n')
		}
		return true
	case content[0] == '\t':
		return false
	case c.within && (at > max(c.indent, 0) || bytes.HasPrefix(content, []byte("- ")) && (c.indent < 0 || at == c.indent)):
		return c.item(line, content, at)
	case at > 0:
		return !c.within // else it is of another key of the List
	}
	return c.key(line)
}

func (c *cutter) item(line, content []byte, at int) bool {
	if c.indent < 0 {
		c.indent = at
	}
	if at == c.indent {
		c.parts = append(c.parts, Document{File: c.list.File, Line: c.line, Item: c.list.item(len(c.parts))})
		line = append(bytes.Repeat([]byte(" "), at+1), content[1:]...)
	}
	if len(c.parts) == 0 {
		return false
	}
	last := &c.parts[len(c.parts)-1]
	last.Text = append(append(last.Text, line...), '\n')
	return true
}

// key takes a line at the left margin.
func (c *cutter) key(line []byte) bool {
	if line[0] == '-' {
		return false
	}
	c.within = string(bytes.TrimRight(line, " \r")) == "items:"
	if kind, ok := bytes.CutPrefix(line, []byte("kind:")); ok {
		c.isList = strings.HasSuffix(string(bytes.TrimSpace(kind)), "List")
	}
	return !c.within || c.parts == nil
}

// hasAnchors reports whether there may be YAML anchors or aliases, which tie items together.
func hasAnchors(text []byte) bool {
	for i := 1; i+1 < len(text); i++ {
		if c := text[i]; (c == '&' || c == '*') && (text[i-1] == ' ' || text[i-1] == '[') && (isLetter(text[i+1]) || isDigit(text[i+1])) {
			return true
		}
	}
	return false
}
