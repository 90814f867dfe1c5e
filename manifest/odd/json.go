package odd

import (
	"encoding/json"
	"fmt"
	"strings"
)

// jsonStream writes one value after the other.
func (w *writer) jsonStream(objects []map[string]any) string {
	w.add(w.pick("", "", "\n", " \n\t"))
	for len(objects) > 0 {
		n := min(1+w.IntN(3), len(objects))
		w.json(w.grouped(objects[:n]), w.layout())
		w.add(w.pick("\n", "\n", "", " ", "\n\n"))
		objects = objects[n:]
	}
	w.endLines("\n", "\n", "\r\n")
	return w.pick(".json", ".json", ".yaml")
}

// layout returns what may stand between the parts of JSON.
func (w *writer) layout() []string {
	return [][]string{{""}, {" ", "", "\n  "}, {"\n", "\n\t", ""}, {"", "", " "}}[w.IntN(4)]
}

// json writes JSON.
func (w *writer) json(v any, between []string) {
	v, leave := w.enter(v)
	defer leave()
	gap := func() { w.add(w.pick(between...)) }
	switch v := v.(type) {
	case map[string]any:
		w.add("{")
		for i, key := range w.keys(v) {
			if gap(); i > 0 {
				w.add(",")
				gap()
			}
			w.jsonText(key)
			w.add(w.pick(":", ":", " : "))
			gap()
			w.json(v[key], between)
		}
		gap()
		w.add("}")
	case []any:
		w.add("[")
		for i, e := range v {
			if gap(); i > 0 {
				w.add(",")
				gap()
			}
			w.json(e, between)
		}
		gap()
		w.add("]")
	case string:
		w.jsonText(v)
	default:
		text, _ := json.Marshal(v)
		w.add(string(text))
	}
}

// jsonText writes text in quotes, with escapes that need not be.
func (w *writer) jsonText(text string) {
	quoted, _ := json.Marshal(text)
	if w.oneOf(10) && text != "" && text[0] > ' ' && text[0] < 0x7f && !strings.ContainsAny(text[:1], `"\<>&`) {
		quoted = append(fmt.Appendf(nil, `"\u%04x`, text[0]), quoted[2:]...)
	}
	w.out = append(w.out, quoted...)
}
