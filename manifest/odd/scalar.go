package odd

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// scalar writes a value that is no text.
func (w *writer) scalar(v any) {
	switch v := v.(type) {
	case bool:
		if v {
			w.add(w.pick("true", "true", "True", "TRUE", "yes", "on"))
		} else {
			w.add(w.pick("false", "false", "False", "FALSE", "no", "off"))
		}
	case int64:
		forms := []string{fmt.Sprint(v), fmt.Sprint(v)}
		if v >= 0 {
			forms = append(forms, fmt.Sprintf("0x%x", v), fmt.Sprintf("0%o", v), fmt.Sprintf("+%d", v))
		}
		w.add(w.pick(forms...))
	case nil:
		w.add(w.pick("null", "~", "Null"))
	default:
		text, _ := json.Marshal(v)
		w.add(string(text))
	}
}

var (
	plain     = regexp.MustCompile(`^(?:[A-Za-z/]|[-:?][A-Za-z])[\w./=+%,:#@*-]*(?: [A-Za-z][\w./-]*)*$`)
	plainFlow = regexp.MustCompile(`^[A-Za-z/][\w./-]*$`)
	// words are those that YAML does not take for text.
	words = strings.Fields("y n yes no on off true false null")
)

func isPlain(text string, inFlow bool) bool {
	form := plain
	if inFlow {
		form = plainFlow
	}
	return form.MatchString(text) && !strings.HasSuffix(text, ":") && !slices.Contains(words, strings.ToLower(text))
}

// text writes text. Its further lines are indented so far at least; a key, and other text for which that is negative,
// has none.
func (w *writer) text(text string, indent int, inFlow bool) {
	if w.oneOf(20) {
		w.add("!!str ")
	}
	switch {
	case !inFlow && indent >= 0 && w.oneOf(3) && isBlockText(text):
		w.blockText(text, indent)
	case isPlain(text, inFlow) && !w.oneOf(4):
		w.add(w.folded(text, indent))
	case isPrintable(text) && w.oneOf(2):
		w.add("'" + strings.ReplaceAll(text, "'", "''") + "'")
	default:
		w.quoted(text, indent)
	}
}

// folded puts a line end in place of a space, at times.
func (w *writer) folded(text string, indent int) string {
	before, after, found := strings.Cut(text, " ")
	if indent < 0 || !found || !w.oneOf(3) || after == "" || after[0] == ' ' || before == "" {
		return text
	}
	return before + "\n" + spaces(indent+1) + after
}
