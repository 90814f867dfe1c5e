package fact

import (
	"maps"
	"slices"
	"strings"
)

// What is kept at most of objects that no rule can refuse for their size, as Aviary is never asked about them: far more
// than people write, and so much that nobody can fill its memory with a few of them.
const (
	maxLabels     = 32
	maxLabelBytes = 4 << 10
	// MaxServicePorts bounds the ports of a Service. Of one with as many it is not known which others it has.
	MaxServicePorts = 200
	// maxGroups bounds a Namespace's list of API groups.
	maxGroups = 200
)

// few returns labels without those that are too many: these keys first, then the others in order. Cut is the first key
// that is missing; empty if none is.
func few(labels map[string]string, first ...string) (kept map[string]string, cut string) {
	size := 0
	for k, v := range labels {
		size += len(k) + len(v)
	}
	if len(labels) <= maxLabels && size <= maxLabelBytes {
		return labels, ""
	}
	kept, size = only(labels, first...), 0
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		if size += len(k) + len(labels[k]); len(kept) >= maxLabels || size > maxLabelBytes {
			return kept, strings.Clone(k)
		}
		kept[k] = labels[k]
	}
	return kept, ""
}

// FewLabels returns no more of a selector than is kept: without the others it selects more.
func FewLabels(selector map[string]string) map[string]string {
	kept, _ := few(selector)
	return kept
}
