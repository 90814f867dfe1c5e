package odd

import (
	"fmt"
	"strings"
	"unicode"
)

// isPrintable reports whether text can stand in single quotes in one line.
func isPrintable(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) })
}

// isBlockText reports whether text can be written as a literal block.
func isBlockText(text string) bool {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasSuffix(line, " ") || !isPrintable(line) {
			return false
		}
	}
	return text != "" && text[0] != ' ' && text[0] != '\n' && !strings.HasSuffix(text, "\n\n")
}

// blockText writes a literal block, or a folded one.
func (w *writer) blockText(text string, indent int) {
	more := 1 + w.IntN(3)
	body, end := strings.CutSuffix(text, "\n")
	folds := !strings.Contains(body, "\n") && !strings.Contains(body, "  ")
	w.add(w.pick("|", map[bool]string{true: ">", false: "|"}[folds]))
	if w.oneOf(3) {
		w.add(fmt.Sprint(more))
	}
	if !end {
		w.add("-")
	}
	w.add(w.pick("", "", " # text"))
	w.bare = true
	for line := range strings.SplitSeq(body, "\n") {
		w.add("\n")
		if line != "" {
			w.add(spaces(indent-1+more) + line)
		}
	}
}

// quoted writes text in double quotes.
func (w *writer) quoted(text string, indent int) {
	if w.oneOf(3) && isPrintable(text) {
		text = w.folded(text, indent)
	} else {
		indent = -1
	}
	w.add(`"`)
	for i, c := range text {
		switch {
		case c == '"', c == '\\':
			w.add(`\` + string(c))
		case c == '\n' && indent >= 0:
			w.add("\n")
		case !unicode.IsPrint(c), c < 0x80 && c > ' ' && w.oneOf(30):
			w.add(fmt.Sprintf(`\u%04x`, c))
		case i > 0 && c != ' ' && indent >= 0 && w.oneOf(20):
			w.add("\\\n" + spaces(indent+1) + string(c))
		default:
			w.add(string(c))
		}
	}
	w.add(`"`)
}
