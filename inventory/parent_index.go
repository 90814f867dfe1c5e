package inventory

import (
	"context"
	"sync"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// parents are the tables that hand requests on, and what was made of them since the last change.
type parents struct {
	index index[struct{}, *fact.Table]
	made  *made
}

// made is what was made of the parents as of one change, by key. Who comes later waits for who makes it, and for nobody
// who makes it of what was before.
type made struct {
	mu    sync.Mutex
	byKey map[any]func() any
}

func newParents() parents {
	return parents{index: index[struct{}, *fact.Table]{}, made: &made{byKey: map[any]func() any{}}}
}

func (p *parents) add(t *fact.Table) {
	if t.Parent != nil {
		p.made = newParents().made
		p.index.add(t, []struct{}{{}})
	}
}

func (p *parents) remove(t *fact.Table) {
	if t.Parent != nil {
		p.made = newParents().made
		p.index.remove(t, []struct{}{{}})
	}
}

// Parents implements fact.Reader.
func (s *Store) Parents(context.Context) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.parents.index.list(struct{}{}), nil
}

// OfParents implements fact.Reader.
func (s *Store) OfParents(key any, from func([]*fact.Table) any) (any, bool) {
	s.mu.RLock()
	m := s.parents.made
	s.mu.RUnlock()
	m.mu.Lock()
	value, ok := m.byKey[key]
	if !ok {
		value = sync.OnceValue(func() any {
			s.mu.RLock()
			all := s.parents.index.list(struct{}{})
			s.mu.RUnlock()
			return from(all)
		})
		m.byKey[key] = value
	}
	m.mu.Unlock()
	return value(), true
}

// Parent implements fact.Reader.
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

// OfParents implements fact.Reader: of the changed object only a parent makes a difference.
func (o Overlay) OfParents(key any, from func([]*fact.Table) any) (any, bool) {
	if o.Reader.Parent(o.ID) != ifParent(o.Now) {
		return nil, false
	}
	return o.Reader.OfParents(key, from)
}

// Parent implements fact.Reader.
func (o Overlay) Parent(id route.ID) *fact.Table {
	if o.ID == id {
		return ifParent(o.Now)
	}
	return o.Reader.Parent(id)
}

// OfParents implements fact.Reader, from the hints.
func (l *Live) OfParents(key any, from func([]*fact.Table) any) (any, bool) {
	return l.hints.OfParents(key, from)
}

// Parent implements fact.Reader, from the hints.
func (l *Live) Parent(id route.ID) *fact.Table { return l.hints.Parent(id) }
