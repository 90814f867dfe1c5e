package inventory

import (
	"context"

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

// isLed reports whether the table is a led one of the namespace with these labels.
func isLed(t *fact.Table, namespace string, want map[string]string) bool {
	return t.Led && (namespace == fact.AllNamespaces || t.Namespace == namespace) && t.Carries(want)
}

// TablesLed implements fact.Reader. It walks the tables that carry the rarest of the labels.
func (s *Store) TablesLed(
	_ context.Context, namespace string, want map[string]string, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rarest := label{namespace: namespace}
	for k, v := range want {
		if here := (label{namespace, k, v}); s.led.count(here) < s.led.count(rarest) {
			rarest = here
		}
	}
	var out []*fact.Table
	for t := range s.led.all(rarest) {
		if isLed(t, namespace, want) && keep(t) {
			out = append(out, t)
		}
	}
	return out, nil
}

// TablesLed implements fact.Reader.
func (o Overlay) TablesLed(
	ctx context.Context, namespace string, want map[string]string, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	list, err := o.Reader.TablesLed(ctx, namespace, want, keep)
	return replace(o, list, err, func(t *fact.Table) bool { return isLed(t, namespace, want) && keep(t) })
}

// TablesLed implements fact.Reader, from the hints: all tables may be meant, and none is worth a request for each.
func (l *Live) TablesLed(
	ctx context.Context, namespace string, want map[string]string, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	return l.hints.TablesLed(ctx, namespace, want, keep)
}
