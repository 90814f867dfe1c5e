package audit

import (
	"context"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"aviary.dev/manifest"
)

// at is a document's place in its file.
type at struct{ line, number int }

// locate sets each finding's line to that of its field. Only files with findings are read again, and
// of them only the documents with findings are parsed; what has changed meanwhile, and what came from
// a pipe, keeps the object's line.
func locate(ctx context.Context, findings []Finding) error {
	for file, places := range byPlace(findings) {
		_ = manifest.Read(file, nil, func(d manifest.Document) error {
			locateIn(d, places[at{d.Line, d.Number}])
			return ctx.Err()
		})
	}
	return ctx.Err()
}

// byPlace sorts findings by their files, and by the places of their objects there.
func byPlace(findings []Finding) map[string]map[at][]*Finding {
	files := map[string]map[at][]*Finding{}
	for i := range findings {
		f := &findings[i]
		if f.File == "" || f.File == Stdin {
			continue
		}
		if files[f.File] == nil {
			files[f.File] = map[at][]*Finding{}
		}
		here := at{f.Line, f.number}
		files[f.File][here] = append(files[f.File][here], f)
	}
	return files
}

func locateIn(d manifest.Document, findings []*Finding) {
	if len(findings) == 0 {
		return
	}
	n, before := d.Node()
	if n == nil {
		return
	}
	for _, f := range findings {
		f.Line = before + lineOf(n, f.Field)
	}
}

// lineOf returns the line of a field in the document, or of the nearest thing around it that is
// there.
func lineOf(n *yaml.Node, field string) int {
	line := n.Line
	for _, step := range steps(field) {
		key, value := child(n, step)
		if value == nil {
			return line
		}
		line, n = key.Line, value
	}
	return line
}

// child returns what is at a key or an index; key is where it begins. Both are nil if nothing is.
func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				key, value = n.Content[i], n.Content[i+1] // of two the last one counts
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	default: // nothing is in it
	}
	return key, value
}

// steps cuts a field path, "spec.routes[1]" or "metadata.annotations[aviary.dev/weight]", into keys
// and indexes.
func steps(field string) []string {
	var out []string
	for field != "" {
		at := strings.IndexAny(field, ".[")
		switch {
		case at < 0:
			return append(out, field)
		case at > 0:
			out = append(out, field[:at])
		}
		open := field[at] == '['
		field = field[at+1:]
		if open {
			inner, rest, _ := strings.Cut(field, "]")
			out, field = append(out, inner), rest
		}
	}
	return out
}
