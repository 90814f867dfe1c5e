package inventory

import (
	"context"
	"slices"

	"aviary.dev/gloo"
	"aviary.dev/route"
)

// paths finds the RouteTables that have a path, and those that have one beneath it by segment.
type paths struct {
	at, under index[string, *Table]
}

func newPaths() paths { return paths{index[string, *Table]{}, index[string, *Table]{}} }

func (p paths) add(t *Table) {
	at, under := pathKeys(t)
	p.at.add(t, at)
	p.under.add(t, under)
}

func (p paths) remove(t *Table) {
	at, under := pathKeys(t)
	p.at.remove(t, at)
	p.under.remove(t, under)
}

// pathKeys gives the keys of a RouteTable's own paths, and of those above them. A route that delegates has none: its path
// is that of the routes which it leads to.
func pathKeys(t *Table) (at, under []string) {
	if t.Kind != gloo.KindRouteTable {
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
func (t *Table) hasPath(keys []string) bool {
	at, _ := pathKeys(t)
	return slices.ContainsFunc(at, func(key string) bool { return slices.Contains(keys, key) })
}

func (t *Table) isUnder(key string) bool {
	_, under := pathKeys(t)
	return slices.Contains(under, key)
}

// TablesAt implements Reader.
func (s *Store) TablesAt(_ context.Context, keys []string, keep func(*Table) bool) ([]*Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*Table
	for _, key := range keys {
		for t := range s.paths.at.all(key) {
			if !slices.Contains(out, t) && keep(t) {
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// TablesUnder implements Reader.
func (s *Store) TablesUnder(_ context.Context, key string, keep func(*Table) bool) ([]*Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []*Table
	for t := range s.paths.under.all(key) {
		if keep(t) {
			out = append(out, t)
		}
	}
	return out, nil
}

// TablesAt implements Reader.
func (o Overlay) TablesAt(ctx context.Context, keys []string, keep func(*Table) bool) ([]*Table, error) {
	list, err := o.Reader.TablesAt(ctx, keys, keep)
	return replace(o, list, err, func(t *Table) bool { return keep(t) && t.hasPath(keys) })
}

// TablesUnder implements Reader.
func (o Overlay) TablesUnder(ctx context.Context, key string, keep func(*Table) bool) ([]*Table, error) {
	list, err := o.Reader.TablesUnder(ctx, key, keep)
	return replace(o, list, err, func(t *Table) bool { return keep(t) && t.isUnder(key) })
}

// TablesAt implements Reader, where the hints say so.
func (l *Live) TablesAt(ctx context.Context, keys []string, keep func(*Table) bool) ([]*Table, error) {
	hints, err := l.hints.TablesAt(ctx, keys, keep)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *Table) bool { return keep(t) && t.hasPath(keys) })
}

// TablesUnder implements Reader, where the hints say so.
func (l *Live) TablesUnder(ctx context.Context, key string, keep func(*Table) bool) ([]*Table, error) {
	hints, err := l.hints.TablesUnder(ctx, key, keep)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *Table) bool { return keep(t) && t.isUnder(key) })
}

// still gives what the hints name, each as it is now, if it is still meant.
func (l *Live) still(ctx context.Context, hints []*Table, meant func(*Table) bool) ([]*Table, error) {
	var out []*Table
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
