package inventory

import (
	"context"
	"sync"

	"aviary.dev/route"
)

// Store holds facts in memory with the indexes that make every question cheap. The zero value is not usable; see
// [NewStore]. It is safe for concurrent use; facts that were put are never changed.
type Store struct {
	mu         sync.RWMutex
	facts      map[ID]Fact
	byApp      index[route.Ref, *Workload]
	byLabel    index[label, *Workload]
	byUpstream index[route.Ref, *Table]
	parents    index[struct{}, *Table]
	into       index[string, *Upstream]
	behind     behind
	paths      paths
	listeners  []func(old, now Fact)
}

// label is a pair in a namespace; the one without key and value stands for the namespace.
type label struct{ namespace, key, value string }

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{
		facts: map[ID]Fact{}, byApp: index[route.Ref, *Workload]{}, byLabel: index[label, *Workload]{},
		byUpstream: index[route.Ref, *Table]{}, parents: index[struct{}, *Table]{}, into: index[string, *Upstream]{},
		behind: newBehind(), paths: newPaths(),
	}
}

// Listen calls f after every change, with nil for a fact that was or is not there. It must be called before the store is
// filled, and f must not block.
func (s *Store) Listen(f func(old, now Fact)) { s.listeners = append(s.listeners, f) }

// Put adds a fact, in place of the one of the same object. Until then the fact must be the caller's alone: a table is
// made compact.
func (s *Store) Put(f Fact) {
	if t, ok := f.(*Table); ok {
		t.compact()
	}
	s.swap(f.Identity(), f)
}

// Remove takes away the fact of an object.
func (s *Store) Remove(id ID) { s.swap(id, nil) }

// Replace makes the facts of one kind be these.
func (s *Store) Replace(kind string, facts []Fact) {
	keep := make(map[ID]struct{}, len(facts))
	for _, f := range facts {
		keep[f.Identity()] = struct{}{}
		s.Put(f)
	}
	s.mu.RLock()
	var gone []ID
	for id := range s.facts {
		if _, ok := keep[id]; !ok && id.Kind == kind {
			gone = append(gone, id)
		}
	}
	s.mu.RUnlock()
	for _, id := range gone {
		s.Remove(id)
	}
}

func (s *Store) swap(id ID, f Fact) {
	s.mu.Lock()
	old := s.facts[id]
	if old != nil {
		s.unindex(old)
		delete(s.facts, id)
	}
	if f != nil {
		s.facts[id] = f
		s.index(f)
	}
	s.mu.Unlock()
	if old == nil && f == nil {
		return
	}
	for _, listen := range s.listeners {
		listen(old, f)
	}
}

func (s *Store) index(f Fact) {
	switch f := f.(type) {
	case *Workload:
		s.byApp.add(f, apps(f))
		s.byLabel.add(f, podLabels(f))
	case *Table:
		s.byUpstream.add(f, upstreams(f))
		s.behind.tables.add(f, services(f))
		s.paths.add(f)
		if len(f.Delegates) > 0 {
			s.parents.add(f, []struct{}{{}})
		}
	case *Upstream:
		s.into.add(f, []string{f.Service.Namespace})
		s.behind.upstreams.add(f, service(f))
	}
}

func (s *Store) unindex(f Fact) {
	switch f := f.(type) {
	case *Workload:
		s.byApp.remove(f, apps(f))
		s.byLabel.remove(f, podLabels(f))
	case *Table:
		s.byUpstream.remove(f, upstreams(f))
		s.behind.tables.remove(f, services(f))
		s.paths.remove(f)
		s.parents.remove(f, []struct{}{{}})
	case *Upstream:
		s.into.remove(f, []string{f.Service.Namespace})
		s.behind.upstreams.remove(f, service(f))
	}
}

func apps(w *Workload) []route.Ref {
	if w.Version == nil || w.Terminating {
		return nil
	}
	return []route.Ref{{Namespace: w.Namespace, Name: w.Version.App}}
}

func podLabels(w *Workload) []label {
	out := make([]label, 0, 1+len(w.Labels))
	out = append(out, label{namespace: w.Namespace})
	for k, v := range w.Labels {
		out = append(out, label{w.Namespace, k, v})
	}
	return out
}

func upstreams(t *Table) []route.Ref {
	var out []route.Ref
	for _, r := range t.Routes {
		for _, d := range r.Destinations {
			if d.Upstream.Name != "" {
				out = append(out, d.Upstream)
			}
		}
	}
	return out
}

// All gives every fact, in no order.
func (s *Store) All() []Fact {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]Fact, 0, len(s.facts))
	for _, f := range s.facts {
		out = append(out, f)
	}
	return out
}

// Fact gives what is known of one object; nil if nothing is.
func (s *Store) Fact(id ID) Fact {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.facts[id]
}

// Apps names the apps that have a version, or an object that carries their mark.
func (s *Store) Apps() []route.Ref {
	s.mu.RLock()
	defer s.mu.RUnlock()
	seen := map[route.Ref]struct{}{}
	var out []route.Ref
	for _, f := range s.facts {
		app := AppOf(f)
		if _, ok := seen[app]; !ok && app.Name != "" {
			seen[app] = struct{}{}
			out = append(out, app)
		}
	}
	return out
}

// get gives the fact of an object if it is a T.
func get[T Fact](s *Store, id ID) (T, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, _ := s.facts[id].(T)
	return f, nil
}

// Namespace implements Reader.
func (s *Store) Namespace(_ context.Context, name string) (*Namespace, error) {
	return get[*Namespace](s, ID{KindNamespace, route.Ref{Name: name}})
}

// App implements Reader.
func (s *Store) App(_ context.Context, app route.Ref) ([]*Workload, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byApp.list(app), nil
}

// Workload implements Reader.
func (s *Store) Workload(_ context.Context, id ID) (*Workload, error) { return get[*Workload](s, id) }

// Workloads implements Reader. It walks the workloads that carry the rarest of the labels.
func (s *Store) Workloads(_ context.Context, namespace string, want map[string]string) ([]*Workload, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rarest := label{namespace: namespace}
	for k, v := range want {
		if here := (label{namespace, k, v}); s.byLabel.count(here) < s.byLabel.count(rarest) {
			rarest = here
		}
	}
	var out []*Workload
	for w := range s.byLabel.all(rarest) {
		if w.Carries(want) {
			out = append(out, w)
		}
	}
	return out, nil
}

// Pods implements Reader: they aren't watched.
func (s *Store) Pods(context.Context, string, map[string]string) ([]*Workload, error) {
	return nil, nil
}

// Upstream implements Reader.
func (s *Store) Upstream(_ context.Context, ref route.Ref) (*Upstream, error) {
	return get[*Upstream](s, ID{"Upstream", ref})
}

// UpstreamsInto implements Reader.
func (s *Store) UpstreamsInto(_ context.Context, namespace string) ([]*Upstream, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.into.list(namespace), nil
}

// Service implements Reader.
func (s *Store) Service(_ context.Context, ref route.Ref) (*Service, error) {
	return get[*Service](s, ID{KindService, ref})
}

// Table implements Reader.
func (s *Store) Table(_ context.Context, id ID) (*Table, error) { return get[*Table](s, id) }

// TablesTo implements Reader.
func (s *Store) TablesTo(_ context.Context, upstream route.Ref) ([]*Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byUpstream.list(upstream), nil
}

// Parents implements Reader.
func (s *Store) Parents(_ context.Context) ([]*Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.parents.list(struct{}{}), nil
}

var _ Reader = (*Store)(nil)
