package odd

import (
	"fmt"
	"reflect"
	"slices"
)

// shared is a value with an anchor.
type shared struct {
	name  string
	value any
}

// alias writes an alias if the value stands in the document already, at times.
func (w *writer) alias(v any) bool {
	for _, s := range w.shared {
		if reflect.DeepEqual(s.value, v) && !holdsObjects(v) && !w.oneOf(3) {
			w.add("*" + s.name)
			return true
		}
	}
	return false
}

// anchor writes an anchor for the value at hand, at times, and what follows it. Aliases may follow once share is
// called.
func (w *writer) anchor(v any, then string) (written bool, share func()) {
	if w.anchors == 9 || !w.oneOf(9) || holdsObjects(v) {
		return false, func() {}
	}
	name := fmt.Sprintf("a%d", w.anchors)
	w.anchors++
	w.add("&" + name + then)
	return true, func() { w.shared = append(w.shared, shared{name, v}) }
}

// entry is a key and its value, or what is merged.
type entry struct {
	key   string
	value any
	merge bool
}

// merged stands for an alias in place of a value.
type merged string

// entries returns what is written of a mapping. Some of it may come by a merge key, which stands anywhere, or first if
// other keys overrule what it brings.
func (w *writer) entries(m map[string]any) (out []entry) {
	merge := entry{key: "<<", merge: true}
	base := map[string]any{}
	if len(m) > 1 && w.oneOf(5) {
		merge.value, base = w.base(m)
	}
	overruled := false
	for _, key := range w.keys(m) {
		v, ok := base[key]
		if !ok || !reflect.DeepEqual(v, m[key]) {
			out = append(out, entry{key: key, value: m[key]})
		}
		overruled = overruled || ok && !reflect.DeepEqual(v, m[key])
	}
	switch {
	case merge.value == nil:
		return out
	case overruled:
		return slices.Insert(out, 0, merge)
	}
	return slices.Insert(out, w.IntN(len(out)+1), merge)
}

// base returns what a mapping can be made of: another one that has no more keys, or a part of it.
func (w *writer) base(m map[string]any) (by any, base map[string]any) {
	for _, s := range w.shared {
		if base, ok := s.value.(map[string]any); ok && len(base) > 0 && within(base, m) {
			return merged(s.name), base
		}
	}
	base = map[string]any{}
	for _, key := range w.keys(m)[:1+w.IntN(len(m)-1)] {
		if base[key] = m[key]; w.oneOf(5) {
			base[key] = "overridden"
		}
	}
	if _, list := m["items"].([]any); list {
		return nil, nil
	}
	return base, base
}

// within reports whether a mapping has all keys of another one.
func within(base, m map[string]any) bool {
	for key := range base {
		if _, ok := m[key]; !ok {
			return false
		}
	}
	return true
}
