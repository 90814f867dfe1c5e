package manifest

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"
)

// Node returns the object as it stands in the file, and how many lines of the file come before the node's first. The
// node is nil where that can't be told.
func (d Document) Node() (n *yaml.Node, before int) {
	var root yaml.Node
	switch {
	case d.node != nil:
		return d.node, d.Line - d.node.Line
	case hasRareBreaks(d.Text) || yaml.Unmarshal(d.Text, &root) != nil || len(root.Content) != 1:
		return nil, 0
	}
	return root.Content[0], d.Line - 1
}

// place tells the items of a List where they stand in the file, as far as that can be told. It is for Lists that can't
// be cut while they are read, which are few.
func (d Document) place(items []Document) {
	if d.IsJSON && d.node == nil {
		for i, line := range jsonLines(d.Text)[:len(items)] {
			items[i].Line += line
		}
		return
	}
	n, before := d.Node()
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	var nodes []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "items" {
			nodes = itself(n.Content[i+1]).Content // of two the last one counts
		}
	}
	for i, node := range nodes[:min(len(nodes), len(items))] {
		items[i].node, items[i].Line = node, before+node.Line
	}
}

// itself returns what an alias stands for.
func itself(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// jsonLines returns how many lines of a List in JSON come before each of its items.
func jsonLines(text []byte) (lines []int) {
	decoder := jsontext.NewDecoder(bytes.NewReader(text), lenient)
	for _, _ = decoder.ReadToken(); decoder.PeekKind() == '"'; {
		key, _ := decoder.ReadValue()
		if textOf(key) != "items" || decoder.PeekKind() != '[' {
			_ = decoder.SkipValue()
			continue
		}
		lines = nil // of two the last one counts
		for _, _ = decoder.ReadToken(); decoder.PeekKind() != ']'; {
			value, err := decoder.ReadValue()
			if err != nil {
				return lines
			}
			start := int(decoder.InputOffset()) - len(value)
			lines = append(lines, bytes.Count(text[:start], newLine))
		}
		_, _ = decoder.ReadToken()
	}
	return lines
}
