package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// paths finds the led tables that have a path, and those that have one beneath it by segment.
type paths struct {
	at, under index[string, *fact.Table]
}

func newPaths() paths { return paths{index[string, *fact.Table]{}, index[string, *fact.Table]{}} }

func (p paths) add(t *fact.Table) {
	at, under := pathKeys(t)
	p.at.add(t, at)
	p.under.add(t, under)
}

func (p paths) remove(t *fact.Table) {
	at, under := pathKeys(t)
	p.at.remove(t, at)
	p.under.remove(t, under)
}

// pathKeys returns the keys of a led table's own paths, and of those above them. A route that
// delegates has none: its path is that of the routes which it leads to.
func pathKeys(t *fact.Table) (at, under []string) {
	if !t.Led {
		return nil, nil
	}
	for _, r := range t.Routes {
		if r.Delegates {
			continue
		}
		for _, m := range r.Alternatives() {
			key := m.Path.Key()
			if key == "" {
				continue
			}
			at = append(at, key)
			if m.Path.Kind == route.Regex {
				at = append(at, m.Path.PatternKey())
			}
			if key != "/" && m.Path.Kind != route.Regex {
				under = append(append(under, m.Path.Above()...), "/")
			}
		}
	}
	return unique(at), unique(under)
}

func unique(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// hasPath reports whether the table has one of the paths.
func hasPath(t *fact.Table, keys []string) bool {
	at, _ := pathKeys(t)
	return slices.ContainsFunc(at, func(key string) bool { return slices.Contains(keys, key) })
}

func isUnder(t *fact.Table, key string) bool {
	_, under := pathKeys(t)
	return slices.Contains(under, key)
}

// TablesAt implements fact.Reader.
func (s *Store) TablesAt(_ context.Context, keys []string, keep func(*fact.Table) bool) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*fact.Table
	for _, key := range keys {
		for t := range s.paths.at.all(key) {
			if !slices.Contains(out, t) && keep(t) {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// TablesUnder implements fact.Reader.
func (s *Store) TablesUnder(_ context.Context, key string, keep func(*fact.Table) bool) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*fact.Table
	for t := range s.paths.under.all(key) {
		if keep(t) {
			out = append(out, t)
		}
	}
	return out, nil
}

// TablesAt implements fact.Reader.
func (o Overlay) TablesAt(ctx context.Context, keys []string, keep func(*fact.Table) bool) ([]*fact.Table, error) {
	list, err := o.Reader.TablesAt(ctx, keys, keep)
	return replace(o, list, err, func(t *fact.Table) bool { return keep(t) && hasPath(t, keys) })
}

// TablesUnder implements fact.Reader.
func (o Overlay) TablesUnder(ctx context.Context, key string, keep func(*fact.Table) bool) ([]*fact.Table, error) {
	list, err := o.Reader.TablesUnder(ctx, key, keep)
	return replace(o, list, err, func(t *fact.Table) bool { return keep(t) && isUnder(t, key) })
}

// TablesAt implements fact.Reader, where the hints say so.
func (l *Live) TablesAt(ctx context.Context, keys []string, keep func(*fact.Table) bool) ([]*fact.Table, error) {
	hints, err := l.hints.TablesAt(ctx, keys, keep)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *fact.Table) bool { return keep(t) && hasPath(t, keys) })
}

// TablesUnder implements fact.Reader, where the hints say so.
func (l *Live) TablesUnder(ctx context.Context, key string, keep func(*fact.Table) bool) ([]*fact.Table, error) {
	hints, err := l.hints.TablesUnder(ctx, key, keep)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *fact.Table) bool { return keep(t) && isUnder(t, key) })
}

// still returns what the hints name, each as it is now, if it is still meant.
func (l *Live) still(ctx context.Context, hints []*fact.Table, meant func(*fact.Table) bool) ([]*fact.Table, error) {
	var out []*fact.Table
	for _, hint := range hints {
		t, err := l.Table(ctx, hint.Identity())
		if err != nil {
			return nil, err
		}
		if t != nil && meant(t) {
			out = append(out, t)
		}
	}
	return out, nil
}
