package odd

// flow writes a value in flow style, or a scalar. Its further lines are indented so far at least.
func (w *writer) flow(v any, indent int) {
	switch v := v.(type) {
	case map[string]any:
		entries := w.entries(v)
		w.collection("{", "}", len(entries), indent, func(i int) {
			w.flowKey(entries[i])
			w.flowValue(entries[i].value, indent)
		})
	case []any:
		w.collection("[", "]", len(v), indent, func(i int) { w.flowValue(v[i], indent) })
	case string:
		w.text(v, indent, true)
	default:
		w.scalar(v)
	}
}

// collection writes brackets, and what is in them. The last value may have a comma behind it.
func (w *writer) collection(begin, end string, n, indent int, each func(i int)) {
	w.add(begin)
	for i := range n {
		if i > 0 {
			w.add(",")
		}
		w.gap(indent)
		each(i)
	}
	if n > 0 && w.oneOf(8) {
		w.add(w.pick(",", " ,"))
	}
	w.gap(indent)
	w.add(end)
}

// gap writes the space between the parts of a collection.
func (w *writer) gap(indent int) {
	if w.oneOf(8) {
		w.add(w.pick("", " # {\"") + "\n" + spaces(indent+1+w.IntN(3)))
		return
	}
	w.add(w.pick("", " "))
}

func (w *writer) flowKey(e entry) {
	if e.merge {
		w.add("<<: ")
		return
	}
	w.text(e.key, -1, true)
	w.add(w.pick(": ", ": ", " : "))
}

func (w *writer) flowValue(v any, indent int) {
	v, leave := w.enter(v)
	defer leave()
	if by, ok := v.(merged); ok {
		w.add("*" + string(by) + " ")
		return
	}
	if w.alias(v) {
		w.add(" ")
		return
	}
	_, share := w.anchor(v, " ")
	defer share()
	w.flow(v, indent)
}
