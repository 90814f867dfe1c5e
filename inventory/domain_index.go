package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
)

// domains are those of a root, some of which may stand twice.
func domains(t *fact.Table) []string {
	if t.Entry == nil {
		return nil
	}
	return t.Entry.Domains
}

// RootsOf implements fact.Reader.
func (s *Store) RootsOf(_ context.Context, domain string) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byDomain.list(domain), nil
}

// RootsOf implements fact.Reader.
func (o Overlay) RootsOf(ctx context.Context, domain string) ([]*fact.Table, error) {
	list, err := o.Reader.RootsOf(ctx, domain)
	return replace(o, list, err, func(t *fact.Table) bool { return slices.Contains(domains(t), domain) })
}

// RootsOf implements fact.Reader, where the hints say so.
func (l *Live) RootsOf(ctx context.Context, domain string) ([]*fact.Table, error) {
	hints, err := l.hints.RootsOf(ctx, domain)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *fact.Table) bool { return slices.Contains(domains(t), domain) })
}
