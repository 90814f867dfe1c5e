package inventory

import (
	"context"
	"sync"

	"aviary.dev/fact"
	"aviary.dev/route"
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
func (s *Store) OfParents(key any, from func([]*fact.Table) any) (any, bool) {
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
	return made, true
}

// Parent implements fact.Keeper.
func (s *Store) Parent(id route.ID) *fact.Table {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return ifParent(s.facts[id])
}

// ifParent returns nil for what hands nothing on.
func ifParent(f fact.Fact) *fact.Table {
	if t, ok := f.(*fact.Table); ok && t.Parent != nil {
		return t
	}
	return nil
}

// OfParents implements fact.Keeper: of the changed object only a parent makes a difference.
func (o Overlay) OfParents(key any, from func([]*fact.Table) any) (any, bool) {
	base, ok := o.Reader.(fact.Keeper)
	if !ok || base.Parent(o.ID) != ifParent(o.Now) {
		return nil, false
	}
	return base.OfParents(key, from)
}

// Parent implements fact.Keeper.
func (o Overlay) Parent(id route.ID) *fact.Table {
	if base, ok := o.Reader.(fact.Keeper); ok && o.ID != id {
		return base.Parent(id)
	}
	return ifParent(o.Now)
}

// OfParents implements fact.Keeper, by the hints.
func (l *Live) OfParents(key any, from func([]*fact.Table) any) (any, bool) {
	base, ok := l.hints.(fact.Keeper)
	if !ok {
		return nil, false
	}
	return base.OfParents(key, from)
}

// Parent implements fact.Keeper, by the hints.
func (l *Live) Parent(id route.ID) *fact.Table {
	if base, ok := l.hints.(fact.Keeper); ok {
		return base.Parent(id)
	}
	return nil
}

var _, _, _ fact.Keeper = &Store{}, Overlay{}, &Live{}
