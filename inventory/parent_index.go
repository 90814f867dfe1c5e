package inventory

import (
	"context"
	"sync"

	"aviary.dev/fact"
)

// parents are the tables that hand requests on, and what was made of them all.
type parents struct {
	index   index[struct{}, *fact.Table]
	changes int
	// making is held while made is looked at: what was made as of so many changes.
	making sync.Mutex
	made   map[any]any
	asOf   int
}

func (p *parents) add(t *fact.Table) {
	if t.Parent != nil {
		p.changes++
		p.index.add(t, []struct{}{{}})
	}
}

func (p *parents) remove(t *fact.Table) {
	if t.Parent != nil {
		p.changes++
		p.index.remove(t, []struct{}{{}})
	}
}

// Parents implements fact.Reader.
func (s *Store) Parents(context.Context) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.parents.index.list(struct{}{}), nil
}

// OfParents implements fact.Keeper.
func (s *Store) OfParents(key any, from func([]*fact.Table) any) any {
	p := &s.parents
	p.making.Lock()
	defer p.making.Unlock()
	s.mu.RLock()
	var all []*fact.Table
	if p.asOf != p.changes || p.made == nil {
		p.made, p.asOf = map[any]any{}, p.changes
	}
	made, ok := p.made[key]
	if !ok {
		all = p.index.list(struct{}{})
	}
	s.mu.RUnlock()
	if !ok {
		made = from(all)
		p.made[key] = made
	}
	return made
}
