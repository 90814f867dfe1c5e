package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
)

// domains are the keys of a root: its domains, and those of its encryption.
func domains(t *fact.Table) []string {
	if t.Entry == nil {
		return nil
	}
	return t.Entry.Keys()
}

// serves returns what reports whether a root has the domain, or the other key.
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
