package inventory

import (
	"context"
	"sync"

	"github.com/google/btree"
)

// batch is how many entries of a tree are read before the lock is given up.
const batch = 256

// walk reads a tree in batches. Only to read one takes the lock: nobody waits for what is done with the entries, which
// may take long where tenants have written much. What changes meanwhile may be seen or not.
type walk[T any] struct {
	lock *sync.RWMutex
	tree func() *btree.BTreeG[T] // the one of now; nil if there is none any more
	less btree.LessFunc[T]
	in   func(T) bool
}

// from hands out the entries from the first one on, while they are in the range and wanted. It reports whether more
// were wanted.
func (w walk[T]) from(ctx context.Context, first T, wanted func(T) bool) (bool, error) {
	for more := w.read(first, func(T) bool { return true }); len(more) > 0; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		for _, entry := range more {
			if !wanted(entry) {
				return false, nil
			}
		}
		if len(more) < batch {
			break
		}
		last := more[len(more)-1]
		more = w.read(last, func(entry T) bool { return w.less(last, entry) })
	}
	return true, nil
}

// read returns a batch of entries in the range, from the first one on, without those that are not new.
func (w walk[T]) read(first T, isNew func(T) bool) (out []T) {
	w.lock.RLock()
	defer w.lock.RUnlock()
	tree := w.tree()
	if tree == nil {
		return nil
	}
	tree.AscendGreaterOrEqual(first, func(entry T) bool {
		in := w.in(entry)
		if in && isNew(entry) {
			out = append(out, entry)
		}
		return in && len(out) < batch
	})
	return out
}
