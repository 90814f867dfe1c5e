package source

import (
	"bytes"
	"encoding/json"
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
	var parts []Document
	list, indent, number := false, -1, d.Line-1
	inItems := false
	for rest := d.Text; len(rest) > 0; {
		line, more, _ := bytes.Cut(rest, []byte("\n"))
		line = line[:len(line):len(line)]
		rest = more
		number++
		content := bytes.TrimLeft(line, " ")
		at := len(line) - len(content)
		switch {
		case len(bytes.TrimSpace(content)) == 0 || content[0] == '#' && at == 0:
			if inItems && len(parts) > 0 {
				parts[len(parts)-1].Text = append(parts[len(parts)-1].Text, '\n')
			}
			continue
		case inItems && (at > max(indent, 0) || bytes.HasPrefix(content, []byte("- ")) && (indent < 0 || at == indent)):
			if indent < 0 {
				indent = at
			}
			if at == indent {
				parts = append(parts, Document{File: d.File, Line: number, Item: d.item(len(parts))})
				line = append(bytes.Repeat([]byte(" "), at+1), content[1:]...)
			}
			if len(parts) == 0 {
				return nil
			}
			last := &parts[len(parts)-1]
			last.Text = append(append(last.Text, line...), '\n')
			continue
		case at > 0 && inItems, at == 0 && content[0] == '-', content[0] == '\t':
			return nil
		}
		if inItems = string(bytes.TrimRight(line, " \r")) == "items:"; inItems && parts != nil {
			return nil
		}
		if kind, ok := bytes.CutPrefix(line, []byte("kind:")); ok {
			list = strings.HasSuffix(string(bytes.TrimSpace(kind)), "List")
		}
	}
	if !list || len(parts) == 0 {
		return nil
	}
	return parts
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
