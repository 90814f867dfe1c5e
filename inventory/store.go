package inventory

import (
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// Store holds facts in memory with the indexes that make every question cheap. The zero value is not usable; see
// [NewStore]. It is safe for concurrent use; facts that were put are never changed.
type Store struct {
	mu        sync.RWMutex
	facts     map[route.ID]fact.Fact
	byApp     index[route.Ref, *fact.Workload]
	byLabel   index[label, *fact.Workload]
	byBackend index[route.ID, *fact.Table]
	parents   parents
	led       ordered[label]
	byDomain  index[string, *fact.Table]
	services  services
	paths     paths
	costs     costs
	listeners []func(old, now fact.Fact)
}

// label is a pair in a namespace; the one without key and value stands for the namespace.
type label struct{ namespace, key, value string }

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{
		facts: map[route.ID]fact.Fact{}, byApp: index[route.Ref, *fact.Workload]{}, byLabel: index[label, *fact.Workload]{},
		byBackend: index[route.ID, *fact.Table]{}, parents: newParents(),
		led: ordered[label]{}, byDomain: index[string, *fact.Table]{},
		services: newServices(), paths: newPaths(), costs: costs{},
	}
}

// Listen calls f after every change, with nil for a fact that was or is not there. It must be
// called before the store is filled, and f must not block.
func (s *Store) Listen(f func(old, now fact.Fact)) { s.listeners = append(s.listeners, f) }

// Put adds a fact, in place of the one of the same object.
func (s *Store) Put(f fact.Fact) { s.swap(f.Identity(), f) }

// Remove takes away the fact of an object.
func (s *Store) Remove(id route.ID) { s.swap(id, nil) }

// Replace makes the facts of one kind be these.
func (s *Store) Replace(kind schema.GroupKind, facts []fact.Fact) {
	keep := make(map[route.ID]struct{}, len(facts))
	for _, f := range facts {
		keep[f.Identity()] = struct{}{}
		s.Put(f)
	}
	s.mu.RLock()
	var gone []route.ID
	for id := range s.facts {
		if _, ok := keep[id]; !ok && id.GroupKind == kind {
			gone = append(gone, id)
		}
	}
	s.mu.RUnlock()
	for _, id := range gone {
		s.Remove(id)
	}
}

func (s *Store) swap(id route.ID, f fact.Fact) {
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
	s.costs.replace(id.Namespace, old, f)
	s.mu.Unlock()
	if old == nil && f == nil {
		return
	}
	for _, listen := range s.listeners {
		listen(old, f)
	}
}

func (s *Store) index(f fact.Fact) {
	switch f := f.(type) {
	case *fact.Workload:
		s.byApp.add(f, apps(f))
		s.byLabel.add(f, podLabels(f))
	case *fact.Table:
		s.byBackend.add(f, backends(f))
		s.services.routed.add(f, routedNamespaces(f))
		s.paths.add(f)
		s.led.add(f, tableLabels(f))
		s.byDomain.add(f, domains(f))
		s.parents.add(f)
	case *fact.Backend:
		s.services.addBackend(f)
	}
}

func (s *Store) unindex(f fact.Fact) {
	switch f := f.(type) {
	case *fact.Workload:
		s.byApp.remove(f, apps(f))
		s.byLabel.remove(f, podLabels(f))
	case *fact.Table:
		s.byBackend.remove(f, backends(f))
		s.services.routed.remove(f, routedNamespaces(f))
		s.paths.remove(f)
		s.led.remove(f, tableLabels(f))
		s.byDomain.remove(f, domains(f))
		s.parents.remove(f)
	case *fact.Backend:
		s.services.removeBackend(f)
	}
}

func apps(w *fact.Workload) []route.Ref {
	if w.Version == nil || w.Terminating {
		return nil
	}
	return []route.Ref{{Namespace: w.Namespace, Name: w.Version.App}}
}

func podLabels(w *fact.Workload) []label {
	out := make([]label, 0, 1+len(w.Labels))
	out = append(out, label{namespace: w.Namespace})
	for k, v := range w.Labels {
		out = append(out, label{w.Namespace, k, v})
	}
	if w.Vague() {
		out = append(out, vagueIn(w.Namespace))
	}
	return out
}

// vagueIn is under what the workloads of a namespace are found that may have other labels than those that are kept.
func vagueIn(namespace string) label { return label{namespace: namespace, value: "vague"} }

// backends are those that a table's routes name, each once: as a destination, as a mirror, or as a list of destinations
// that stands in an object of its own.
func backends(t *fact.Table) []route.ID {
	var out []route.ID
	var last *route.Backend
	for i := range t.Routes {
		r := &t.Routes[i]
		for _, ref := range []*route.Reference{r.Group, r.Mirror} {
			if ref != nil && !slices.Contains(out, ref.ID) {
				out = append(out, ref.ID)
			}
		}
		for _, d := range r.Destinations {
			if d.Backend == last || !d.Backend.Known() {
				continue // nearly all destinations name the same few
			}
			last = d.Backend
			if !slices.Contains(out, last.ID) {
				out = append(out, last.ID)
			}
		}
	}
	return out
}

// All returns every fact, in no order.
func (s *Store) All() []fact.Fact {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]fact.Fact, 0, len(s.facts))
	for _, f := range s.facts {
		out = append(out, f)
	}
	return out
}

// Fact returns what is known of one object; nil if nothing is.
func (s *Store) Fact(id route.ID) fact.Fact {
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
		app := fact.AppOf(f)
		if _, ok := seen[app]; !ok && app.Name != "" {
			seen[app] = struct{}{}
			out = append(out, app)
		}
	}
	return out
}

// get returns the fact of an object if it is a T.
func get[T fact.Fact](s *Store, id route.ID) (T, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, _ := s.facts[id].(T)
	return f, nil
}

// Namespace implements fact.Reader.
func (s *Store) Namespace(_ context.Context, name string) (*fact.Namespace, error) {
	return get[*fact.Namespace](s, fact.NamespaceID(name))
}

// App implements fact.Reader.
func (s *Store) App(_ context.Context, app route.Ref) ([]*fact.Workload, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byApp.list(app), nil
}

// Workload implements fact.Reader.
func (s *Store) Workload(_ context.Context, id route.ID) (*fact.Workload, error) {
	return get[*fact.Workload](s, id)
}

// Workloads implements fact.Reader. It walks the workloads that carry the rarest of the labels.
func (s *Store) Workloads(_ context.Context, namespace string, want map[string]string) ([]*fact.Workload, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rarest := label{namespace: namespace}
	for k, v := range want {
		if here := (label{namespace, k, v}); s.byLabel.count(here) < s.byLabel.count(rarest) {
			rarest = here
		}
	}
	var out []*fact.Workload
	for w := range s.byLabel.all(rarest) {
		if w.Carries(want) {
			out = append(out, w)
		}
	}
	if rarest.key == "" {
		return out, nil
	}
	for w := range s.byLabel.all(vagueIn(namespace)) {
		if is, ok := w.Labels[rarest.key]; (!ok || is != rarest.value) && w.Carries(want) {
			out = append(out, w)
		}
	}
	return out, nil
}

// Pods implements fact.Reader: they aren't watched.
func (s *Store) Pods(context.Context, string, map[string]string) ([]*fact.Workload, error) {
	return nil, nil
}

// Backend implements fact.Reader.
func (s *Store) Backend(_ context.Context, id route.ID) (*fact.Backend, error) {
	return get[*fact.Backend](s, id)
}

// Service implements fact.Reader.
func (s *Store) Service(_ context.Context, ref route.Ref) (*fact.Service, error) {
	return get[*fact.Service](s, route.ID{GroupKind: fact.ServiceKind, Ref: ref})
}

// Table implements fact.Reader.
func (s *Store) Table(_ context.Context, id route.ID) (*fact.Table, error) {
	return get[*fact.Table](s, id)
}

// TablesTo implements fact.Reader.
func (s *Store) TablesTo(_ context.Context, backend route.ID) ([]*fact.Table, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.byBackend.list(backend), nil
}

var _ fact.Reader = (*Store)(nil)
