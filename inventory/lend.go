package inventory

import (
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Lend gives Rollouts that take the pod template of a Deployment, which may have been put after them, what that has.
func (s *Store) Lend() {
	for _, f := range s.All() {
		w, ok := f.(*fact.Workload)
		if !ok || w.Borrows == "" {
			continue
		}
		id := route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: w.Namespace, Name: w.Borrows}}
		if from, ok := s.Fact(id).(*fact.Workload); ok {
			s.Put(w.Borrow(from))
		}
	}
}
