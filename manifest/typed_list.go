package manifest

import (
	"bytes"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"go.yaml.in/yaml/v3"
)

// itemType is what items of a typed list, such as a DeploymentList, are that say neither apiVersion
// nor kind. It is empty for a List.
type itemType struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

// of returns the type that items have from their list.
func (l list) of() itemType { return typeOfItems(textOf(l.APIVersion), textOf(l.Kind)) }

func typeOfItems(apiVersion, kind string) itemType {
	if kind = strings.TrimSuffix(kind, "List"); kind == "" || apiVersion == "" {
		return itemType{}
	}
	return itemType{apiVersion, kind}
}

// fill adds the type to an item's JSON that says none.
func (t itemType) fill(text []byte) []byte {
	l, ok := readList(text)
	start := bytes.IndexByte(text, '{') + 1
	if !ok || start == 0 || len(l.APIVersion)+len(l.Kind) > 0 {
		return text
	}
	head, err := jsonv2.Marshal(t)
	if err != nil {
		return text
	}
	head = head[:len(head)-1]
	if rest := bytes.TrimLeft(text[start:], " \t\r\n"); len(rest) > 0 && rest[0] != '}' {
		head = append(head, ',')
	}
	return append(head, text[start:]...)
}

// itemLines returns the lines at which the items of a YAML List begin, within the document. It is
// for Lists that can't be cut by their lines, which are few.
func (d Document) itemLines() []int {
	var root yaml.Node
	if d.IsJSON || hasRareBreaks(d.Text) || yaml.Unmarshal(d.Text, &root) != nil || len(root.Content) != 1 {
		return nil
	}
	var lines []int
	keys := root.Content[0].Content
	for i := 0; i+1 < len(keys); i += 2 {
		if keys[i].Value != "items" {
			continue
		}
		lines = nil // of two the last one counts
		for _, item := range keys[i+1].Content {
			lines = append(lines, item.Line)
		}
	}
	return lines
}
