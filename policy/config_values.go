package policy

import (
	"math"
	"strings"
)

// kindOf names a decoded JSON value's kind for people.
func kindOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "empty"
	case bool:
		return "true or false"
	case string:
		return "a text"
	case int, int64:
		return "a whole number"
	case float64:
		if v == math.Trunc(v) {
			return "a whole number"
		}
		return "a number"
	case []any:
		for _, e := range v {
			if kindOf(e) != "a text" {
				return "a list"
			}
		}
		return "a list of texts"
	}
	return "a mapping"
}

func isLabelValue(s string) bool {
	edge := func(c byte) bool { return isAlphanumeric(rune(c)) }
	return len(s) <= 63 && edge(s[0]) && edge(s[len(s)-1]) && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("-_.", r)
	})
}

// isHeaderName reports whether s is a token of RFC 9110.
func isHeaderName(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func isAlphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}
