package inventory

import (
	"cmp"
	"context"
	"math"
	"sync"

	"github.com/google/btree"

	"aviary.dev/fact"
)

// treeDegree is how many children a node of a tree has, at least.
const treeDegree = 16

// compareTables has tables in the order of their places among those of one parent, then of their names.
func compareTables(a, b *fact.Table) int {
	return cmp.Or(
		cmp.Compare(a.Order, b.Order), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Group, b.Group),
	)
}

func isBefore(a, b *fact.Table) bool { return compareTables(a, b) < 0 }

// ordered finds tables by a key of theirs, in order.
type ordered[K comparable] map[K]run

// run are the tables under a key. Most keys have one, for which a tree would weigh ten times as much.
type run struct {
	one  *fact.Table
	more *btree.BTreeG[*fact.Table] // all of them, where there are several
}

func (x ordered[K]) add(t *fact.Table, keys []K) {
	for _, k := range keys {
		r := x[k]
		if r.more == nil && r.one == nil {
			x[k] = run{one: t}
			continue
		}
		if r.more == nil {
			r.more = btree.NewG(treeDegree, isBefore)
			r.more.ReplaceOrInsert(r.one)
			x[k] = run{more: r.more}
		}
		r.more.ReplaceOrInsert(t)
	}
}

func (x ordered[K]) remove(t *fact.Table, keys []K) {
	for _, k := range keys {
		r := x[k]
		if r.more != nil {
			r.more.Delete(t)
		}
		if r.one == t || r.more != nil && r.more.Len() == 0 {
			delete(x, k)
		}
	}
}

func (x ordered[K]) count(k K) int {
	switch r := x[k]; {
	case r.more != nil:
		return r.more.Len()
	case r.one != nil:
		return 1
	}
	return 0
}

// each hands out the tables under a key, or those of one order, while they are wanted. The lock is that of the store.
func (x ordered[K]) each(
	ctx context.Context, lock *sync.RWMutex, k K, order *int32, wanted func(*fact.Table) bool,
) error {
	lock.RLock()
	one := x[k].one
	lock.RUnlock()
	first, of := &fact.Table{}, func(t *fact.Table) bool { return order == nil || t.Order == *order }
	switch {
	case one != nil && of(one):
		wanted(one)
		return nil
	case order == nil:
		first.Order = math.MinInt32
	default:
		first.Order = *order
	}
	tree := func() *btree.BTreeG[*fact.Table] { return x[k].more }
	_, err := walk[*fact.Table]{lock: lock, tree: tree, less: isBefore, in: of}.from(ctx, first, wanted)
	return err
}
