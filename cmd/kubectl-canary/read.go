package main

import (
	"io"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	source "aviary.dev/manifest" // manifest is a type here
)

// manifest is one object, and where it was read.
type manifest struct {
	*unstructured.Unstructured
	// source is the document that was read, if it held this object alone; text is the same if it is YAML and may be
	// written as it is.
	source, text string
	file         string
	line         int
}

// at tells where the object stands, or the line of the first mention of a key if there is one.
func (m manifest) at(key string) string {
	line := m.line
	if key != "" {
		if before, _, found := strings.Cut(m.source, key); found {
			line += strings.Count(before, "\n")
		}
	}
	return m.file + ":" + strconv.Itoa(line)
}

// readAll reads all files, in order. The error tells of all that could not be read.
func readAll(names []string, recursive bool, stdin io.Reader) ([]manifest, error) {
	var out []manifest
	var bad inputError
	fail := func(err error) {
		if err != nil {
			bad.lines = append(bad.lines, err.Error())
		}
	}
	for _, name := range names {
		files, err := source.Files(name, recursive)
		fail(err)
		for _, file := range files {
			fail(source.Read(file, stdin, func(d source.Document) error {
				m, err := read(d)
				if fail(err); err == nil {
					out = append(out, m)
				}
				return nil
			}))
		}
	}
	if len(bad.lines) > 0 {
		return nil, bad
	}
	return out, nil
}

// read makes a manifest of a document.
func read(d source.Document) (manifest, error) {
	data, err := d.StrictJSON()
	if err != nil {
		return manifest{}, err
	}
	object := map[string]any{}
	if err := utiljson.Unmarshal(data, &object); err != nil {
		if d.Item != "" {
			return manifest{}, d.Fail("%s must be an object", d.Item)
		}
		return manifest{}, d.Fail("must be an object with apiVersion, kind and metadata")
	}
	for _, key := range []string{"apiVersion", "kind"} {
		if text, _ := object[key].(string); text == "" {
			if d.Item != "" {
				key = d.Item + "." + key
			}
			return manifest{}, d.Fail("%s is missing; every object of Kubernetes has apiVersion and kind", key)
		}
	}
	m := manifest{Unstructured: &unstructured.Unstructured{Object: object}, file: d.File, line: d.Line}
	if d.Item == "" {
		if m.source = string(d.Text); !d.IsJSON {
			m.text = m.source
		}
	}
	return m, nil
}
