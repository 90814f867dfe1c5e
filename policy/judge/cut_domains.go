package judge

import (
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
)

// hosts tells for which domains requests come no more. What was found of some roots is kept, as they lead to many
// tables. Nil asks for no domains.
type hosts struct{ known map[string]givenUp }

// givenUp are domains that nobody serves any more; partly where some of the others, or a part of one, are served.
type givenUp struct {
	domains []string
	partly  bool
}

// gone returns the domains for which requests came by some ways, and for which none of the others brings them.
// Listeners don't count: a root that gets a certificate has another one.
func (h *hosts) gone(by, now []dialect.Way) (domains []string, partly bool) {
	if h == nil || len(now) == 0 {
		return nil, false
	}
	was, is := rootsOf(by), rootsOf(now)
	was = slices.DeleteFunc(was, func(o *fact.Table) bool {
		return slices.ContainsFunc(is, func(s *fact.Table) bool { return sameDomains(o, s) })
	})
	if len(was) == 0 {
		return nil, true
	}
	key := ids(was) + "|" + ids(is)
	found, ok := h.known[key]
	if !ok {
		found = compareDomains(was, is)
		if h.known == nil {
			h.known = map[string]givenUp{}
		}
		h.known[key] = found
	}
	return found.domains, found.partly || len(was) < len(rootsOf(by))
}

// maxDomains bounds how many pairs of domains are compared; of the rest nobody says that they are gone.
const maxDomains = 100_000

func compareDomains(was, is []*fact.Table) (out givenUp) {
	listed := map[string]struct{}{}
	for _, s := range is {
		for _, domain := range domainsOf(s) {
			listed[fact.FoldDomain(domain)] = struct{}{}
		}
	}
	left := maxDomains
	for _, o := range was {
		for _, domain := range domainsOf(o) {
			if _, ok := listed[fact.FoldDomain(domain)]; ok || left < 0 || anyRoot(is, &left, domain, (*fact.Entry).Serves) {
				out.partly = true
				continue
			}
			out.partly = out.partly || anyRoot(is, &left, domain, (*fact.Entry).Within)
			if len(out.domains) < maxNamed {
				out.domains = append(out.domains, domain)
			}
		}
	}
	return out
}

func anyRoot(roots []*fact.Table, left *int, domain string, does func(*fact.Entry, string) bool) bool {
	return slices.ContainsFunc(roots, func(s *fact.Table) bool {
		*left -= len(domainsOf(s))
		return s.Entry != nil && does(s.Entry, domain)
	})
}

// rootsOf are those of the ways, each once.
func rootsOf(ways []dialect.Way) (out []*fact.Table) {
	for _, w := range ways {
		if through := w.Through(); len(through) > 0 && !slices.Contains(out, through[len(through)-1]) {
			out = append(out, through[len(through)-1])
		}
	}
	return out
}

func domainsOf(t *fact.Table) []string {
	if t.Entry == nil {
		return nil
	}
	return t.Entry.Domains
}

func sameDomains(a, b *fact.Table) bool { return a == b || slices.Equal(domainsOf(a), domainsOf(b)) }

// ids is one text for several objects.
func ids(tables []*fact.Table) string {
	var out strings.Builder
	for _, t := range tables {
		out.WriteString(t.ID.String() + ",")
	}
	return out.String()
}
