package inventory_test

import (
	"math/rand/v2"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/route"
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func randomRef(r *rand.Rand) route.Ref {
	return route.Ref{Namespace: pick(r, spaces), Name: pick(r, refNames)}
}

// randomFact makes a fact of few possible identities, so that most of them change again.
func randomFact(r *rand.Rand) fact.Fact {
	ref := randomRef(r)
	switch r.IntN(5) {
	case 0:
		return &fact.Backend{ID: upstreamID(ref), Service: randomRef(r)}
	case 1:
		return &fact.Service{Ref: ref}
	case 2:
		return &fact.Namespace{Name: ref.Namespace}
	case 3:
		t := &fact.Table{Table: route.Table{ID: route.ID{GroupKind: pick(r, tableKinds), Ref: ref}}}
		t.Led = t.GroupKind == gloo.RouteTableKind.GroupKind()
		t.Order, t.Labels = pick(r, someOrders), pick(r, labelSets)
		for range r.IntN(3) {
			var to route.Route
			for range r.IntN(3) {
				id := upstreamID(randomRef(r))
				if r.IntN(3) == 0 {
					id = serviceID(randomRef(r))
				}
				to.Destinations = append(to.Destinations, route.Destination{Backend: &route.Backend{ID: id}})
			}
			to.Delegates = r.IntN(4) == 0
			if r.IntN(4) == 0 {
				to.Group = &route.Reference{ID: groupID(randomRef(r))}
			}
			for range r.IntN(3) {
				to.Matchers = append(to.Matchers, route.Matcher{Path: pick(r, somePaths)})
			}
			t.Routes = append(t.Routes, to)
		}
		if r.IntN(2) == 0 {
			t.Parent = parent{}
		}
		if t.GroupKind == gloo.VirtualServiceKind.GroupKind() {
			t.Entry = randomEntry(r)
		}
		return t
	}
	w := &fact.Workload{
		ID:          route.ID{GroupKind: pick(r, []schema.GroupKind{fact.DeploymentKind, fact.StatefulSetKind}), Ref: ref},
		Terminating: r.IntN(4) == 0, Labels: map[string]string{},
	}
	if r.IntN(2) == 0 {
		w.Labels["app"] = pick(r, refNames)
	}
	if r.IntN(2) == 0 {
		w.Labels["version"] = pick(r, []string{"v1", "v2"})
	}
	if r.IntN(2) == 0 {
		w.Version = &convention.Version{App: pick(r, refNames), Name: "v1"}
	} else if w.Terminating {
		w.Cut = "m" // before version, after app
	} else {
		w.Sometimes = pick(r, []map[string][]string{nil, {"version": nil}, {"version": {"v2"}}, {"app": {"x"}}})
	}
	return w
}
