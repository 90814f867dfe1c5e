package manifest

import (
	"bytes"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
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
