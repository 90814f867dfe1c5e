package audit

import (
	"context"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"aviary.dev/manifest"
)

// locate gives each finding the line of its field. Only files with findings are read again, and of them only the
// documents with findings are parsed; what has changed meanwhile, and what came from a pipe, keeps the object's line.
func locate(ctx context.Context, findings []Finding) error {
	type place struct {
		line int
		item string
	}
	files := map[string]map[place][]*Finding{}
	for i := range findings {
		f := &findings[i]
		if f.File == "" || f.File == Stdin {
			continue
		}
		if files[f.File] == nil {
			files[f.File] = map[place][]*Finding{}
		}
		at := place{f.Line, f.item}
		files[f.File][at] = append(files[f.File][at], f)
	}
	for file, places := range files {
		_ = manifest.Read(file, nil, func(d manifest.Document) error {
			if here := places[place{d.Line, d.Item}]; here != nil {
				var root yaml.Node
				if yaml.Unmarshal(d.Text, &root) == nil && len(root.Content) == 1 {
					for _, f := range here {
						f.Line = d.Line - 1 + lineOf(root.Content[0], f.Field)
					}
				}
			}
			return ctx.Err()
		})
	}
	return ctx.Err()
}

// lineOf gives the line of a field in the document, or of the nearest thing around it that is there.
func lineOf(n *yaml.Node, field string) int {
	line := n.Line
	for _, step := range steps(field) {
		var next *yaml.Node
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == step {
					line, next = n.Content[i].Line, n.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(step); err == nil && i < len(n.Content) {
				line, next = n.Content[i].Line, n.Content[i]
			}
		default: // nothing is in it
		}
		if next == nil {
			return line
		}
		n = next
	}
	return line
}

// steps cuts a field path, "spec.routes[1]" or "metadata.annotations[aviary.dev/weight]", into keys and indexes.
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
