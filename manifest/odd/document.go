package odd

import (
	"bytes"
	"maps"
	"slices"
)

// item is an object, or what of it stands in a typed list.
type item struct{ whole, shown map[string]any }

// grouped makes one value of objects: a List, a typed list or, of one object, itself.
func (w *writer) grouped(objects []map[string]any) any {
	if len(objects) == 1 && !w.oneOf(3) {
		return item{objects[0], objects[0]}
	}
	if kind := sameKind(objects); kind != "" && w.oneOf(2) {
		return list(objects[0]["apiVersion"], kind+"List", w.untyped(objects))
	}
	var items []any
	for len(objects) > 0 {
		n, e := 1, any(item{objects[0], objects[0]})
		if w.oneOf(8) && len(objects) > 1 {
			n = 2 + w.IntN(len(objects)-1)
			e, w.nested = w.grouped(objects[:n]), true
		}
		items = append(items, e)
		objects = objects[n:]
	}
	return list("v1", "List", items)
}

func list(apiVersion, kind any, items []any) map[string]any {
	return map[string]any{"apiVersion": apiVersion, "kind": kind, "items": items}
}

// sameKind returns the kind of the objects if all have the same.
func sameKind(objects []map[string]any) string {
	for _, o := range objects[1:] {
		if o["kind"] != objects[0]["kind"] || o["apiVersion"] != objects[0]["apiVersion"] {
			return ""
		}
	}
	kind, _ := objects[0]["kind"].(string)
	return kind
}

// untyped makes items of objects that say nothing, or all, of their type.
func (w *writer) untyped(objects []map[string]any) (items []any) {
	for _, o := range objects {
		shown := maps.Clone(o)
		if !w.oneOf(4) {
			delete(shown, "apiVersion")
			delete(shown, "kind")
		}
		items = append(items, item{o, shown})
	}
	return items
}

// enter returns what is to be written of a value, and what to call when it is written.
func (w *writer) enter(v any) (shown any, leave func()) {
	i, ok := v.(item)
	if !ok {
		return v, func() {}
	}
	at := len(w.objects)
	w.objects = append(w.objects, Object{Value: i.whole, First: w.line()})
	return i.shown, func() { w.objects[at].Last = 1 + bytes.Count(bytes.TrimSuffix(w.out, newLine), newLine) }
}

// keys returns the keys of a mapping in an order that the seed decides on.
func (w *writer) keys(m map[string]any) []string {
	keys := slices.Sorted(maps.Keys(m))
	w.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return keys
}
