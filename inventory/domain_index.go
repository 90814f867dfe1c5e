package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
)

// domains are those of a root, as they are compared. Some may stand twice.
func domains(t *fact.Table) []string {
	if t.Entry == nil {
		return nil
	}
	out := make([]string, len(t.Entry.Domains))
	for i, domain := range t.Entry.Domains {
		out[i] = fact.FoldDomain(domain)
	}
	return out
}

// serves returns what reports whether a root has the domain.
func serves(domain string) func(*fact.Table) bool {
	folded := fact.FoldDomain(domain)
	return func(t *fact.Table) bool { return slices.Contains(domains(t), folded) }
}

// RootsOf implements fact.Reader.
func (s *Store) RootsOf(_ context.Context, domain string) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byDomain.list(fact.FoldDomain(domain)), nil
}

// RootsOf implements fact.Reader.
func (o Overlay) RootsOf(ctx context.Context, domain string) ([]*fact.Table, error) {
	list, err := o.Reader.RootsOf(ctx, domain)
	return replace(o, list, err, serves(domain))
}

// RootsOf implements fact.Reader, where the hints say so.
func (l *Live) RootsOf(ctx context.Context, domain string) ([]*fact.Table, error) {
	hints, err := l.hints.RootsOf(ctx, domain)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, serves(domain))
}
