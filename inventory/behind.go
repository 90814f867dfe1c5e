package inventory

import (
	"context"
	"maps"
	"slices"

	"aviary.dev/route"
)

// behind finds what stands behind a Service: the Upstreams that take its endpoints, and the routing objects that name it
// without an Upstream.
type behind struct {
	upstreams index[route.Ref, *Upstream]
	tables    index[route.Ref, *Table]
}

func newBehind() behind {
	return behind{index[route.Ref, *Upstream]{}, index[route.Ref, *Table]{}}
}

// service is the Service whose endpoints an Upstream takes, if any.
func service(u *Upstream) []route.Ref {
	if u.Service.Name == "" {
		return nil
	}
	return []route.Ref{u.Service}
}

// services are those that a table names without an Upstream.
func services(t *Table) []route.Ref {
	var out []route.Ref
	for _, r := range t.Routes {
		for _, d := range r.Destinations {
			if d.Other != nil && d.Other.Service.Name != "" {
				out = append(out, d.Other.Service)
			}
		}
	}
	return out
}

// UpstreamsOf implements Reader.
func (s *Store) UpstreamsOf(_ context.Context, service route.Ref) ([]*Upstream, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.behind.upstreams.list(service), nil
}

// TablesToService implements Reader.
func (s *Store) TablesToService(_ context.Context, service route.Ref) ([]*Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.behind.tables.list(service), nil
}

// UpstreamsOf implements Reader.
func (o Overlay) UpstreamsOf(ctx context.Context, ref route.Ref) ([]*Upstream, error) {
	list, err := o.Reader.UpstreamsOf(ctx, ref)
	return replace(o, list, err, func(u *Upstream) bool { return slices.Contains(service(u), ref) })
}

// TablesToService implements Reader.
func (o Overlay) TablesToService(ctx context.Context, ref route.Ref) ([]*Table, error) {
	list, err := o.Reader.TablesToService(ctx, ref)
	return replace(o, list, err, func(t *Table) bool { return slices.Contains(services(t), ref) })
}

// UpstreamsOf implements Reader: the Service's own namespace by LIST, others where the hints say so.
func (l *Live) UpstreamsOf(ctx context.Context, ref route.Ref) ([]*Upstream, error) {
	all, err := l.UpstreamsInto(ctx, ref.Namespace)
	return slices.DeleteFunc(all, func(u *Upstream) bool { return !slices.Contains(service(u), ref) }), err
}

// TablesToService implements Reader: the Service's own namespace by LIST, others where the hints say so.
func (l *Live) TablesToService(ctx context.Context, ref route.Ref) ([]*Table, error) {
	hints, err := l.hints.TablesToService(ctx, ref)
	if err != nil {
		return nil, err
	}
	return l.tables(ctx, ref.Namespace, hints, func(t *Table) bool { return slices.Contains(services(t), ref) })
}

// tables gives the routing objects of a namespace and what the hints name, each as it is now, if it is still meant.
func (l *Live) tables(ctx context.Context, namespace string, hints []*Table, meant func(*Table) bool) ([]*Table, error) {
	own, err := l.list(ctx, namespace)
	if err != nil {
		return nil, err
	}
	ids := maps.Clone(own)
	for _, t := range hints {
		ids[t.Identity()] = struct{}{}
	}
	var out []*Table
	for id := range ids {
		t, err := l.Table(ctx, id)
		if err != nil {
			return nil, err
		}
		if t != nil && meant(t) {
			out = append(out, t)
		}
	}
	return out, nil
}
