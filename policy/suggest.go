package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"aviary.dev/convention"
)

// renamed are keys of the input document, and subjects, by the name that they had before.
var renamed = map[string]string{
	"claims":    "conflicts",
	"foreign":   "crossNamespace",
	"kube":      "pods",
	"misfits":   "unfit",
	"other":     "opaque",
	"ours":      "managed",
	"problems":  "findings",
	"unchecked": "validationSkipped",
	"upstream":  "backend",
	"upstreams": "backends",
}

// suggestKey is [suggest] for a key of the input document, or a subject. What has another name now
// is meant by its old one, whatever names are near.
func suggestKey(name string, known []string) string {
	if now := renamed[name]; slices.Contains(known, now) {
		return fmt.Sprintf("; did you mean %s?", now)
	}
	return suggest(name, known)
}

// suggest ends an error about an unknown name: with the name that was probably meant, or with all
// that there are.
func suggest(name string, known []string) string {
	if len(known) == 0 {
		return ": there is none"
	}
	known = slices.Sorted(slices.Values(known))
	if near := convention.Nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %s?", near)
	}
	return "; known: " + strings.Join(known, ", ")
}

// suggestOf is [suggest] with the keys of a map.
func suggestOf[V any](name string, known map[string]V) string {
	return suggest(name, slices.Collect(maps.Keys(known)))
}
