package convention

import (
	"maps"
	"strings"
)

// Op is one operation of a JSON patch (RFC 6902).
type Op struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// Patch is a JSON patch.
type Patch []Op

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// label is a pair of a label map.
type label struct{ key, value string }

// missing are the labels that a map lacks, in order.
type missing struct {
	labels []label
	// noMap: there is no map to add them to.
	noMap bool
}

// missingFrom returns those of the labels wanted whose keys the map lacks.
func missingFrom(have map[string]string, want []label) missing {
	out := missing{noMap: have == nil}
	for _, w := range want {
		if _, ok := have[w.key]; !ok {
			out.labels = append(out.labels, w)
		}
	}
	return out
}

// into adds the labels to the map that lacks them, or to a new one.
func (m missing) into(have map[string]string) map[string]string {
	if have == nil && len(m.labels) > 0 {
		have = make(map[string]string, len(m.labels))
	}
	for _, l := range m.labels {
		have[l.key] = l.value
	}
	return have
}

// added returns the map with the labels; it is the same one where none is missing.
func (m missing) added(have map[string]string) map[string]string {
	if len(m.labels) == 0 {
		return have
	}
	return m.into(maps.Clone(have))
}

// fill adds the labels that the map at path lacks.
func (p *Patch) fill(path string, m missing) {
	if m.noMap {
		*p = append(*p, Op{"add", path, m.into(nil)})
		return
	}
	for _, l := range m.labels {
		*p = append(*p, Op{"add", path + "/" + pointerEscape.Replace(l.key), l.value})
	}
}

// annotate makes the annotation at key be want; empty removes it.
func (p *Patch) annotate(have map[string]string, key, want string) {
	is, ok := have[key]
	path := "/metadata/annotations/" + pointerEscape.Replace(key)
	switch {
	case want == "" && ok:
		*p = append(*p, Op{Op: "remove", Path: path})
	case want != "" && !ok:
		*p = append(*p, Op{"add", path, want})
	case want != is:
		*p = append(*p, Op{"replace", path, want})
	}
}
