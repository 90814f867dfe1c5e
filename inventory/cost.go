package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// costs are what the routing objects of each namespace cost together.
type costs map[string]fact.Cost

// replace counts a fact in place of the one before; either may be nil.
func (c costs) replace(namespace string, old, now fact.Fact) {
	sum := c[namespace].Less(fact.CostOf(old)).Add(fact.CostOf(now))
	if sum == (fact.Cost{}) {
		delete(c, namespace)
		return
	}
	c[namespace] = sum
}

// Cost implements fact.Reader.
func (s *Store) Cost(_ context.Context, namespace string, without ...route.ID) (fact.Cost, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := s.costs[namespace]
	for i, id := range without {
		if id.Namespace == namespace && !slices.Contains(without[:i], id) {
			out = out.Less(fact.CostOf(s.facts[id]))
		}
	}
	return out, nil
}

// Cost implements fact.Reader.
func (o Overlay) Cost(ctx context.Context, namespace string, without ...route.ID) (fact.Cost, error) {
	out, err := o.Reader.Cost(ctx, namespace, append(slices.Clip(without), o.ID)...)
	if o.ID.Namespace == namespace && !slices.Contains(without, o.ID) {
		out = out.Add(fact.CostOf(o.Now))
	}
	return out, err
}

// Cost implements fact.Reader, from the hints: to read all of a namespace would cost more than what is asked about.
func (l *Live) Cost(ctx context.Context, namespace string, without ...route.ID) (fact.Cost, error) {
	return l.hints.Cost(ctx, namespace, without...)
}
