package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
)

// tableLabels are the pairs by which a led table is found, in its namespace and in all of them.
func tableLabels(t *fact.Table) []label {
	if !t.Led {
		return nil
	}
	out := make([]label, 0, 2*(1+len(t.Labels)))
	for _, namespace := range []string{t.Namespace, fact.AllNamespaces} {
		out = append(out, label{namespace: namespace})
		for k, v := range t.Labels {
			out = append(out, label{namespace, k, v})
		}
	}
	return out
}

// isLed reports whether a parent that picks such tables may pick this one.
func isLed(t *fact.Table, l fact.Led) bool {
	return t.Led && (l.Namespace == fact.AllNamespaces || t.Namespace == l.Namespace) && t.Carries(l.Labels) &&
		(l.Order == nil || t.Order == *l.Order)
}

// TablesLed implements fact.Reader. It walks the tables that carry the rarest of the labels.
func (s *Store) TablesLed(
	ctx context.Context, l fact.Led, most int, keep func(*fact.Table) bool,
) (out []*fact.Table, err error) {
	wanted := func(t *fact.Table) bool {
		if isLed(t, l) && keep(t) {
			out = append(out, t)
		}
		return most == 0 || len(out) < most
	}
	return out, s.led.each(ctx, &s.mu, s.rarest(l), l.Order, wanted)
}

// rarest returns the one of the labels that the fewest tables carry.
func (s *Store) rarest(l fact.Led) label {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rarest := label{namespace: l.Namespace}
	for k, v := range l.Labels {
		if here := (label{l.Namespace, k, v}); s.led.count(here) < s.led.count(rarest) {
			rarest = here
		}
	}
	return rarest
}

// TablesLed implements fact.Reader.
func (o Overlay) TablesLed(
	ctx context.Context, l fact.Led, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	more := most
	if most > 0 {
		more++ // as one of them may be the changed one
	}
	list, err := o.Reader.TablesLed(ctx, l, more, keep)
	list, err = replace(o, list, err, func(t *fact.Table) bool { return isLed(t, l) && keep(t) })
	if most > 0 {
		slices.SortFunc(list, compareTables)
		list = list[:min(most, len(list))]
	}
	return list, err
}

// TablesLed implements fact.Reader, from the hints: all tables may be meant, and none is worth a request for each.
func (l *Live) TablesLed(
	ctx context.Context, led fact.Led, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	return l.hints.TablesLed(ctx, led, most, keep)
}
