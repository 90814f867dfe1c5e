package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"sigs.k8s.io/yaml"
)

// write gives the objects as YAML documents or as one JSON List. What was read as YAML and not changed is written as it
// was read, with its comments.
func write(out io.Writer, list []*manifest, format string) error {
	var text bytes.Buffer
	if format == "json" {
		items := make([]any, len(list))
		for i, m := range list {
			items[i] = m.Object
		}
		e := json.NewEncoder(&text)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(map[string]any{"apiVersion": "v1", "kind": "List", "items": items}); err != nil {
			return err
		}
	} else {
		for i, m := range list {
			if i > 0 {
				text.WriteString("---\n")
			}
			document := strings.TrimRight(m.text, " \r\n") + "\n"
			if m.text == "" {
				encoded, err := yaml.Marshal(m.Object)
				if err != nil {
					return err
				}
				document = string(encoded)
			}
			text.WriteString(document)
		}
	}
	_, err := out.Write(text.Bytes())
	return err
}
