package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"aviary.dev/preview"
)

// write writes the objects as YAML documents or as one JSON List. What was read as YAML and not
// changed is written as it was read, with its comments.
func write(out io.Writer, list []preview.Manifest, format string) error {
	text, err := asYAML(list)
	if format == "json" {
		text, err = asList(list)
	}
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

func asList(list []preview.Manifest) ([]byte, error) {
	items := make([]any, len(list))
	for i, m := range list {
		items[i] = m.Object
	}
	var out bytes.Buffer
	err := writeJSON(&out, map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	return out.Bytes(), err
}

func asYAML(list []preview.Manifest) ([]byte, error) {
	var out bytes.Buffer
	for i, m := range list {
		if i > 0 {
			out.WriteString("---\n")
		}
		if m.Text != "" {
			out.WriteString(strings.TrimRight(m.Text, " \r\n") + "\n")
			continue
		}
		text, err := yaml.Marshal(m.Object)
		if err != nil {
			return nil, err
		}
		out.Write(text)
	}
	return out.Bytes(), nil
}

// writeJSON writes a value with indentation, and with < and > as they are.
func writeJSON(out io.Writer, value any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(value)
}
