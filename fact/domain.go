package fact

import "strings"

// FoldDomain returns the domain in the letters by which it is compared: hosts have no case.
func FoldDomain(domain string) string { return strings.ToLower(domain) }

// Serves reports whether the entry has a domain that takes all requests which come for the given one, which may stand
// for many itself: *.example.
func (e *Entry) Serves(domain string) bool {
	for _, d := range e.Domains {
		if within(domain, d) {
			return true
		}
	}
	return false
}

// Within reports whether the entry has a domain all of whose requests the given one takes.
func (e *Entry) Within(domain string) bool {
	for _, d := range e.Domains {
		if within(d, domain) {
			return true
		}
	}
	return false
}

// within reports whether all that comes for one domain comes for the other, too.
func within(domain, other string) bool {
	domain, other = FoldDomain(domain), FoldDomain(other)
	switch {
	case domain == other || other == "*":
		return true
	case strings.HasPrefix(other, "*"):
		return len(domain) >= len(other) && strings.HasSuffix(domain, other[1:])
	case strings.HasSuffix(other, "*"):
		return len(domain) >= len(other) && strings.HasPrefix(domain, other[:len(other)-1])
	}
	return false
}
