package webhook

import (
	"sync"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// How many requests of this replica may wait for tables at a time, and how many for one of them.
const (
	maxWaits      = 64
	maxTableWaits = 4
)

// Tables wakes requests that wait for a change of an app's table. The watch of this replica tells of it.
type Tables struct {
	mu      sync.Mutex
	total   int
	waiting map[route.ID][]chan struct{}
}

// NewTables follows the tables of a store; to be called before the store is filled.
func NewTables(store *inventory.Store) *Tables {
	t := &Tables{waiting: map[route.ID][]chan struct{}{}}
	store.Listen(t.changed)
	return t
}

func (t *Tables) changed(before, after fact.Fact) {
	f := after
	if f == nil {
		f = before
	}
	if _, ok := f.(*fact.Table); !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, woken := range t.waiting[f.Identity()] {
		select {
		case woken <- struct{}{}:
		default: // it has been woken and has not looked yet
		}
	}
}

// wait returns what receives after each change of the table, and what ends the wait; false if too many wait already.
func (t *Tables) wait(id route.ID) (woken <-chan struct{}, leave func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.total >= maxWaits || len(t.waiting[id]) >= maxTableWaits {
		return nil, nil, false
	}
	mine := make(chan struct{}, 1)
	t.total++
	t.waiting[id] = append(t.waiting[id], mine)
	return mine, func() { t.leave(id, mine) }, true
}

func (t *Tables) leave(id route.ID, mine chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total--
	left := t.waiting[id][:0]
	for _, o := range t.waiting[id] {
		if o != mine {
			left = append(left, o)
		}
	}
	if t.waiting[id] = left; len(left) == 0 {
		delete(t.waiting, id)
	}
}
