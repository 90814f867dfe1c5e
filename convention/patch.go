package convention

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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

// fill adds the values whose keys the map at path lacks.
func (p *Patch) fill(path string, have map[string]string, want [][2]string) {
	if have == nil {
		all := map[string]string{}
		for _, w := range want {
			all[w[0]] = w[1]
		}
		if len(all) > 0 {
			*p = append(*p, Op{"add", path, all})
		}
		return
	}
	for _, w := range want {
		if _, ok := have[w[0]]; !ok {
			*p = append(*p, Op{"add", path + "/" + pointerEscape.Replace(w[0]), w[1]})
		}
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

func empty(s *metav1.LabelSelector) bool {
	return s == nil || len(s.MatchLabels) == 0 && len(s.MatchExpressions) == 0
}
