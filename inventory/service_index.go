package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// services finds what rests on a Service: the backends that take its endpoints, by Service and by namespace, and the
// tables that name a Service itself, by namespace.
type services struct {
	backends index[route.Ref, *fact.Backend]
	into     index[string, *fact.Backend]
	routed   index[string, *fact.Table]
}

func newServices() services {
	return services{index[route.Ref, *fact.Backend]{}, index[string, *fact.Backend]{}, index[string, *fact.Table]{}}
}

func (s services) addBackend(b *fact.Backend) {
	s.into.add(b, []string{b.Service.Namespace})
	s.backends.add(b, serviceOf(b))
}

func (s services) removeBackend(b *fact.Backend) {
	s.into.remove(b, []string{b.Service.Namespace})
	s.backends.remove(b, serviceOf(b))
}

// serviceOf is the Service whose endpoints a backend takes, if any.
func serviceOf(b *fact.Backend) []route.Ref {
	if b.Service.Name == "" {
		return nil
	}
	return []route.Ref{b.Service}
}

// routedServices are those that a table names itself, without a backend of the dialect's.
func routedServices(t *fact.Table) []route.Ref {
	var out []route.Ref
	for _, r := range t.Routes {
		for _, d := range r.Destinations {
			if d.Backend.Known() && d.Backend.GroupKind == fact.ServiceKind && !slices.Contains(out, d.Backend.Ref) {
				out = append(out, d.Backend.Ref)
			}
		}
	}
	return out
}

// routedNamespaces are those of the Services that a table names itself.
func routedNamespaces(t *fact.Table) []string {
	var out []string
	for _, ref := range routedServices(t) {
		out = append(out, ref.Namespace)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// BackendsInto implements fact.Reader.
func (s *Store) BackendsInto(_ context.Context, namespace string) ([]*fact.Backend, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.services.into.list(namespace), nil
}

// BackendsOf implements fact.Reader.
func (s *Store) BackendsOf(_ context.Context, service route.Ref) ([]*fact.Backend, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.services.backends.list(service), nil
}

// ServicesRouted implements fact.Reader.
func (s *Store) ServicesRouted(ctx context.Context, namespace string) ([]*fact.Service, error) {
	s.mu.RLock()
	tables := s.services.routed.list(namespace)
	s.mu.RUnlock()
	return servicesOf(ctx, s, tables, namespace)
}

// servicesOf looks up the Services of a namespace that the tables name themselves.
func servicesOf(
	ctx context.Context, facts fact.Reader, tables []*fact.Table, namespace string,
) ([]*fact.Service, error) {
	var out []*fact.Service
	seen := map[route.Ref]struct{}{}
	for _, t := range tables {
		for _, ref := range routedServices(t) {
			if _, ok := seen[ref]; ok || ref.Namespace != namespace {
				continue
			}
			seen[ref] = struct{}{}
			s, err := facts.Service(ctx, ref)
			if err != nil {
				return nil, err
			}
			if s != nil {
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// BackendsInto implements fact.Reader.
func (o Overlay) BackendsInto(ctx context.Context, namespace string) ([]*fact.Backend, error) {
	list, err := o.Reader.BackendsInto(ctx, namespace)
	return replace(o, list, err, func(b *fact.Backend) bool { return b.Service.Namespace == namespace })
}

// BackendsOf implements fact.Reader.
func (o Overlay) BackendsOf(ctx context.Context, service route.Ref) ([]*fact.Backend, error) {
	list, err := o.Reader.BackendsOf(ctx, service)
	return replace(o, list, err, func(b *fact.Backend) bool { return slices.Contains(serviceOf(b), service) })
}

// ServicesRouted implements fact.Reader.
func (o Overlay) ServicesRouted(ctx context.Context, namespace string) ([]*fact.Service, error) {
	list, err := o.Reader.ServicesRouted(ctx, namespace)
	if err != nil {
		return nil, err
	}
	if now, ok := o.Now.(*fact.Table); ok {
		more, err := servicesOf(ctx, o.Reader, []*fact.Table{now}, namespace)
		if err != nil {
			return nil, err
		}
		for _, s := range more {
			if !slices.ContainsFunc(list, func(l *fact.Service) bool { return l.Ref == s.Ref }) {
				list = append(slices.Clip(list), s)
			}
		}
	}
	routed := slices.ContainsFunc(list, func(s *fact.Service) bool { return s.Identity() == o.ID })
	return replace(o, list, nil, func(*fact.Service) bool { return routed })
}

// BackendsOf implements fact.Reader: the Service's own namespace by LIST, others where the hints say so.
func (l *Live) BackendsOf(ctx context.Context, service route.Ref) ([]*fact.Backend, error) {
	all, err := l.BackendsInto(ctx, service.Namespace)
	return slices.DeleteFunc(all, func(b *fact.Backend) bool { return !slices.Contains(serviceOf(b), service) }), err
}

// BackendsInto implements fact.Reader: the namespace's own by LIST, others where the hints say so.
func (l *Live) BackendsInto(ctx context.Context, namespace string) ([]*fact.Backend, error) {
	hints, err := l.hints.BackendsInto(ctx, namespace)
	if err != nil {
		return nil, err
	}
	own, err := l.listed(ctx, backendKinds, namespace)
	if err != nil {
		return nil, err
	}
	ids := named(own, hints)
	var out []*fact.Backend
	for _, id := range ids {
		b, err := l.Backend(ctx, id)
		if err != nil {
			return nil, err
		}
		if b != nil && b.Service.Namespace == namespace {
			out = append(out, b)
		}
	}
	return out, nil
}

// ServicesRouted implements fact.Reader: the hints name candidates, and each is read.
func (l *Live) ServicesRouted(ctx context.Context, namespace string) ([]*fact.Service, error) {
	hints, err := l.hints.ServicesRouted(ctx, namespace)
	if err != nil {
		return nil, err
	}
	var out []*fact.Service
	for _, hint := range hints {
		s, err := l.Service(ctx, hint.Ref)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out = append(out, s)
		}
	}
	return out, nil
}
