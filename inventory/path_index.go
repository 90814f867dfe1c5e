package inventory

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/google/btree"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// paths finds the led tables that have a path, and those with a path that begins with a text. There is a tree for each
// order of tables, of which there are few.
type paths struct {
	orders []int32 // sorted
	trees  map[int32]*btree.BTreeG[pathOf]
}

// pathOf is a key by which a table is found. Each path of a table has one.
type pathOf struct {
	key   string
	table *fact.Table
}

func (p pathOf) less(o pathOf) bool {
	if p.key != o.key || p.table == nil || o.table == nil { // without a table it comes before all of its key
		return p.key < o.key || p.key == o.key && p.table == nil && o.table != nil
	}
	return compareTables(p.table, o.table) < 0
}

func newPaths() paths { return paths{trees: map[int32]*btree.BTreeG[pathOf]{}} }

func (p *paths) add(t *fact.Table) {
	for _, key := range pathKeys(t) {
		if p.trees[t.Order] == nil {
			at, _ := slices.BinarySearch(p.orders, t.Order)
			p.orders = slices.Insert(p.orders, at, t.Order)
			p.trees[t.Order] = btree.NewG(treeDegree, pathOf.less)
		}
		p.trees[t.Order].ReplaceOrInsert(pathOf{key, t})
	}
}

func (p *paths) remove(t *fact.Table) {
	tree := p.trees[t.Order]
	if tree == nil {
		return
	}
	for _, key := range pathKeys(t) {
		tree.Delete(pathOf{key, t})
	}
	if tree.Len() == 0 {
		delete(p.trees, t.Order)
		p.orders = slices.DeleteFunc(p.orders, func(order int32) bool { return order == t.Order })
	}
}

// pathKeys returns the keys of a led table's own paths, each once.
func pathKeys(t *fact.Table) []string { return slices.Compact(slices.Sorted(eachKey(t))) }

// eachKey goes over the keys of a led table's own paths. A route that delegates has none: its path is that of the
// routes which it leads to.
func eachKey(t *fact.Table) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range t.Routes {
			if !t.Led || t.Routes[i].Delegates {
				continue
			}
			for _, m := range t.Routes[i].Alternatives() {
				if key := m.Path.Key(); key != "" && !yield(key) {
					return
				}
				if m.Path.Kind == route.Regex && !yield(m.Path.PatternKey()) {
					return
				}
			}
		}
	}
}

// hasKey reports whether a key of the table's is meant.
func hasKey(t *fact.Table, meant func(string) bool) bool {
	for key := range eachKey(t) {
		if meant(key) {
			return true
		}
	}
	return false
}

// few gathers tables, each once and at most so many; 0 for all.
type few struct {
	most int
	keep func(*fact.Table) bool
	// begins: what begins with a key is meant, too.
	begins bool
	read   []pathOf
	seen   map[*fact.Table]struct{}
	out    []*fact.Table
}

// add reports whether there is room for more.
func (f *few) add(t *fact.Table) bool {
	if _, ok := f.seen[t]; !ok && f.keep(t) {
		if f.seen == nil { // mostly nothing is found
			f.seen = map[*fact.Table]struct{}{}
		}
		f.seen[t] = struct{}{}
		f.out = append(f.out, t)
	}
	return f.most == 0 || len(f.out) < f.most
}

// TablesAt implements fact.Reader.
func (s *Store) TablesAt(
	ctx context.Context, keys []string, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	found := few{most: most, keep: keep}
	for order, ok := s.orderFrom(math.MinInt32); ok; order, ok = s.orderFrom(int64(order) + 1) {
		for _, key := range keys {
			if room, err := s.gather(ctx, order, key, &found); err != nil || !room {
				return found.out, err
			}
		}
	}
	return found.out, nil
}

// TablesUnder implements fact.Reader.
func (s *Store) TablesUnder(
	ctx context.Context, u fact.Under, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	found, from := few{most: most, keep: keep, begins: true}, int64(math.MinInt32)
	if u.After != nil {
		from = int64(*u.After) + 1
	}
	for order, ok := s.orderFrom(from); ok; order, ok = s.orderFrom(int64(order) + 1) {
		if room, err := s.gather(ctx, order, u.Begins, &found); err != nil || !room {
			return found.out, err
		}
	}
	return found.out, nil
}

// orderFrom returns the first order from one on that tables have; false if none has.
func (s *Store) orderFrom(from int64) (order int32, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, _ := slices.BinarySearchFunc(s.paths.orders, from, func(o int32, from int64) int {
		return cmp.Compare(int64(o), from)
	})
	if at == len(s.paths.orders) {
		return 0, false
	}
	return s.paths.orders[at], true
}

// gather adds the tables of one order that are found by a key. It reports whether there is room for more. As in a walk
// only to read a batch takes the lock.
func (s *Store) gather(ctx context.Context, order int32, key string, found *few) (bool, error) {
	for last := (pathOf{key: key}); ; {
		s.readPaths(order, key, last, found)
		for n, p := range found.read {
			if err := ctx.Err(); n == 0 && err != nil {
				return false, err
			}
			if !found.add(p.table) {
				return false, nil
			}
		}
		if len(found.read) < batch {
			return true, nil
		}
		last = found.read[batch-1]
	}
}

// readPaths reads a batch of what comes after an entry.
func (s *Store) readPaths(order int32, key string, last pathOf, found *few) {
	found.read = found.read[:0]
	s.mu.RLock()
	defer s.mu.RUnlock()
	tree := s.paths.trees[order]
	if tree == nil {
		return
	}
	tree.AscendGreaterOrEqual(last, func(p pathOf) bool {
		if p.key != key && (!found.begins || !strings.HasPrefix(p.key, key)) {
			return false
		}
		if last.less(p) {
			found.read = append(found.read, p)
		}
		return len(found.read) < batch
	})
}

// hasPath reports whether the table has one of the paths.
func hasPath(t *fact.Table, keys []string) bool {
	return hasKey(t, func(key string) bool { return slices.Contains(keys, key) })
}

func isUnder(t *fact.Table, u fact.Under) bool {
	return (u.After == nil || t.Order > *u.After) &&
		hasKey(t, func(key string) bool { return strings.HasPrefix(key, u.Begins) })
}

// TablesAt implements fact.Reader.
func (o Overlay) TablesAt(
	ctx context.Context, keys []string, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	list, err := o.Reader.TablesAt(ctx, keys, most, o.others(keep))
	list, err = replace(o, list, err, func(t *fact.Table) bool { return hasPath(t, keys) && keep(t) })
	return atMost(list, most), err
}

// others accepts what keep does, but for the object, so that it takes no other's place.
func (o Overlay) others(keep func(*fact.Table) bool) func(*fact.Table) bool {
	return func(t *fact.Table) bool { return t.ID != o.ID && keep(t) }
}

// atMost are the first so many; 0 is for all.
func atMost(list []*fact.Table, most int) []*fact.Table {
	if most > 0 && len(list) > most {
		return list[:most]
	}
	return list
}

// TablesUnder implements fact.Reader.
func (o Overlay) TablesUnder(
	ctx context.Context, u fact.Under, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	list, err := o.Reader.TablesUnder(ctx, u, most, o.others(keep))
	list, err = replace(o, list, err, func(t *fact.Table) bool { return isUnder(t, u) && keep(t) })
	return atMost(list, most), err
}

// TablesAt implements fact.Reader, where the hints say so.
func (l *Live) TablesAt(
	ctx context.Context, keys []string, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	hints, err := l.hints.TablesAt(ctx, keys, most, keep)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *fact.Table) bool { return hasPath(t, keys) && keep(t) })
}

// TablesUnder implements fact.Reader, where the hints say so.
func (l *Live) TablesUnder(
	ctx context.Context, u fact.Under, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	hints, err := l.hints.TablesUnder(ctx, u, most, keep)
	if err != nil {
		return nil, err
	}
	return l.still(ctx, hints, func(t *fact.Table) bool { return isUnder(t, u) && keep(t) })
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
