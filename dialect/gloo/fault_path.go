package gloo

import "strings"

// Gloo takes no path that a request can't have after it was normalised (docs/gloo-api.md, Paths).
var (
	badSequences = []string{"//", "/./", "/../", "%2f", "%2F", "#"}
	badEndings   = []string{"/..", "/."}
)

// badPath says what Gloo finds wrong with the text of a path; empty for nothing.
func badPath(text string) string {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '%':
			if len(text)-i < 3 || !hexDigit(text[i+1]) || !hexDigit(text[i+2]) {
				return "has % without two hexadecimal digits"
			}
		case !pathByte(c):
			return "has characters that no path may have"
		}
	}
	for _, s := range badSequences {
		if strings.Contains(text, s) {
			return "has " + s
		}
	}
	for _, s := range badEndings {
		if strings.HasSuffix(text, s) {
			return "ends in " + s
		}
	}
	return ""
}

// pathOnly reports whether the text has neither a scheme nor anything behind its path, so that it is its own path.
func pathOnly(text string) bool { return text[0] == '/' && !strings.ContainsAny(text, "?%") }

// pathByte reports whether the character is / or one of RFC 3986's pchar.
func pathByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("/:@._~!$&'()*+,=;-", c) >= 0
}

func hexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
