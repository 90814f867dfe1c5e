package inventory_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"aviary.dev/fact"
)

var (
	someDomains = []string{"*", "www.example.com", "WWW.example.com"}
	someNames   = []string{"", "*", "a"}
)

func randomEntry(r *rand.Rand) *fact.Entry {
	out := &fact.Entry{}
	for range r.IntN(3) {
		out.Domains = append(out.Domains, pick(r, someDomains))
	}
	if r.IntN(2) == 0 {
		out.Encryption, out.Names = "x", pick(r, [][]string{nil, {"a"}, {"a", "*"}})
	}
	return out
}

// askRoots asks for the roots of domains, server names and encryptions.
func askRoots(t *testing.T, r fact.Reader, out map[string][]string) {
	t.Helper()
	for _, domain := range someDomains {
		out["roots of "+domain] = names(r.RootsOf(t.Context(), domain))
	}
	for _, name := range someNames {
		out["roots of name "+name] = names(r.RootsOf(t.Context(), fact.NameKey(name)))
	}
	out["roots of x"] = names(r.RootsOf(t.Context(), fact.EncryptionKey("x")))
}

func (m model) roots(out map[string][]string) {
	of := func(is func(*fact.Entry) bool) []string {
		return m.tables(func(t *fact.Table) bool { return t.Entry != nil && is(t.Entry) })
	}
	for _, domain := range someDomains {
		out["roots of "+domain] = of(func(e *fact.Entry) bool {
			return slices.ContainsFunc(e.Domains, func(d string) bool { return strings.EqualFold(d, domain) })
		})
	}
	for _, name := range someNames {
		out["roots of name "+name] = of(func(e *fact.Entry) bool {
			return e.Encryption != "" && (slices.Contains(e.Names, name) || name == "" && len(e.Names) == 0)
		})
	}
	out["roots of x"] = of(func(e *fact.Entry) bool { return e.Encryption == "x" })
}
