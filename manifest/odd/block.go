package odd

import "strings"

// document writes a YAML document, from its first line on.
func (w *writer) document(v any) {
	w.shared, w.anchors = nil, 0
	switch w.IntN(8) {
	case 0:
		w.json(v, []string{"", " ", "\n "})
		w.add("\n")
	case 1:
		shown, leave := w.enter(v)
		w.flow(shown, 0)
		leave()
		w.add(w.end())
	default:
		indent := 0
		if w.oneOf(8) {
			indent = 2
		}
		shown, leave := w.enter(v)
		_, share := w.anchor(shown, "\n")
		w.add(spaces(indent))
		w.block(shown, indent)
		share()
		leave()
	}
}

// end ends a line, at times with a comment.
func (w *writer) end() string {
	if w.bare {
		w.bare = false
		return "\n"
	}
	return w.pick("\n", "\n", "\n", "\n", "\n", " \n", " # why: not\n")
}

// between writes what may stand before a line that is indented so far.
func (w *writer) between(indent int) {
	if w.oneOf(12) {
		w.add(w.pick("\n", spaces(w.IntN(indent+1))+"# - kind: \"none\n"))
	}
}

func spaces(n int) string { return strings.Repeat(" ", n) }

// block writes a mapping or a sequence in block style, from its first word on.
func (w *writer) block(v any, indent int) {
	if list, ok := v.([]any); ok {
		for i, e := range list {
			if i > 0 {
				w.between(indent)
				w.add(spaces(indent))
			}
			w.add("-")
			w.value(e, indent, true, indent+1)
		}
		return
	}
	for i, e := range w.entries(v.(map[string]any)) {
		if i > 0 {
			w.between(indent)
			w.add(spaces(indent))
		}
		w.key(e, indent)
		w.value(e.value, indent, false, indent+1)
	}
}

func (w *writer) key(e entry, indent int) {
	switch {
	case e.merge:
		w.add("<<:")
	case w.oneOf(20):
		w.add("? ")
		w.text(e.key, -1, false)
		w.add("\n" + spaces(indent) + ":")
	default:
		w.text(e.key, -1, false)
		w.add(w.pick(":", ":", ":", ":", " :"))
	}
}

// value writes what stands behind a hyphen or a key that is indented so far, and ends the line. Behind a hyphen, which
// ends in a column, a mapping or a sequence may begin in its line.
func (w *writer) value(v any, parent int, hyphen bool, column int) {
	v, leave := w.enter(v)
	defer leave()
	w.add(" ")
	if by, ok := v.(merged); ok {
		w.add(w.pick("*"+string(by), "[*"+string(by)+"]") + w.end())
		return
	}
	if w.alias(v) {
		w.add(w.end())
		return
	}
	anchored, share := w.anchor(v, " ")
	defer share()
	switch {
	case !isBlock(v) || w.oneOf(7):
		w.flow(v, parent+1)
		w.add(w.end())
	case hyphen && !anchored && w.oneOf(4):
		more := w.IntN(3)
		w.add(spaces(more))
		w.block(v, column+1+more)
	default:
		indent := parent + 1 + w.IntN(4)
		if _, list := v.([]any); list && !hyphen && parent >= 0 && w.oneOf(2) {
			indent = parent
		}
		w.add(w.end() + spaces(indent))
		w.block(v, indent)
	}
}

// isBlock reports whether the value can be written in block style.
func isBlock(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

// holdsObjects reports whether a value is a List, or items of one, all of which must be written.
func holdsObjects(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return holdsObjects(v["items"])
	case []any:
		for _, e := range v {
			if _, ok := e.(item); ok || holdsObjects(e) {
				return true
			}
		}
	}
	return false
}
