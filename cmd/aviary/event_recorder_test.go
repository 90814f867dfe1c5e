package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestRecorderCuts: the API server refuses an Event whose note is longer.
func TestRecorderCuts(t *testing.T) {
	t.Parallel()
	said := make(notes, 1)
	r := recorder{said}
	for about, c := range map[string]struct{ text, want string }{
		"short":        {"100 % of it", "100 % of it"},
		"just fits":    {strings.Repeat("x", maxNote), strings.Repeat("x", maxNote)},
		"too long":     {strings.Repeat("x", maxNote+1), strings.Repeat("x", maxNote-3) + "…"},
		"a cut letter": {"x" + strings.Repeat("é", maxNote), "x" + strings.Repeat("é", maxNote/2-2) + "…"},
	} {
		r.Eventf(nil, nil, "Normal", "Reason", "Action", "%s", c.text)
		if got := (<-said).text; got != c.want || !utf8.ValidString(got) {
			t.Errorf("%s: got %d bytes %q, want %d", about, len(got), got, len(c.want))
		}
	}
}
