package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// wrapped prints text within the width; the rest of a long line goes to the next one, indented.
func (s *screen) wrapped(text string, colour func(string) string) {
	for line := range strings.Lines(text) {
		for i, part := range wrap(strings.TrimRight(line, "\n"), width-2*len(indent)-2) {
			if i > 0 {
				part = "  " + part
			}
			s.line("%s", indent+indent+colour(part))
		}
	}
}

// wrap breaks a line at spaces.
func wrap(line string, limit int) (parts []string) {
	current := ""
	for word := range strings.SplitSeq(line, " ") {
		if current != "" && utf8.RuneCountInString(current+" "+word) > limit {
			parts = append(parts, current)
			current = word
			continue
		}
		current = strings.TrimPrefix(current+" "+word, " ")
	}
	return append(parts, current)
}

// pad fills text with spaces to n columns.
func pad(text string, n int) string {
	return text + strings.Repeat(" ", max(1, n-utf8.RuneCountInString(text)))
}

func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
