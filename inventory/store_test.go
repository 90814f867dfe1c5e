package inventory_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// The indexes say what a look at every fact says, whatever was put, removed and replaced before.
func TestStoreAgreesWithModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			store, all := inventory.NewStore(), model{}
			heard := model{}
			store.Listen(func(old, now fact.Fact) {
				switch {
				case old == nil && now == nil:
					t.Error("told of no change")
				case now == nil:
					delete(heard, old.Identity())
				default:
					heard[now.Identity()] = now
				}
			})
			for i := range 200 {
				f := randomFact(r)
				switch r.IntN(10) {
				case 0, 1, 2:
					store.Remove(f.Identity())
					delete(all, f.Identity())
				case 3:
					replaceAll(r, store, all, f.Identity().GroupKind)
				default:
					store.Put(f)
					all[f.Identity()] = f
				}
				if i%10 > 0 {
					continue
				}
				if diff := cmp.Diff(all.answers(), answers(t, store)); diff != "" {
					t.Fatalf("after %d steps: -model +store:\n%s", i, diff)
				}
			}
			if diff := cmp.Diff(all.answers(), heard.answers()); diff != "" {
				t.Errorf("listeners heard otherwise: -model +heard:\n%s", diff)
			}
		})
	}
}

// replaceAll makes the facts of a kind be some others.
func replaceAll(r *rand.Rand, store *inventory.Store, all model, kind schema.GroupKind) {
	var facts []fact.Fact
	for range 20 {
		if f := randomFact(r); f.Identity().GroupKind == kind {
			facts = append(facts, f)
		}
	}
	store.Replace(kind, facts)
	for id := range all {
		if id.GroupKind == kind {
			delete(all, id)
		}
	}
	for _, f := range facts {
		all[f.Identity()] = f
	}
}

// An overlay answers as the store would after the change, for every kind of object, put or removed.
func TestOverlayAgreesWithStore(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 2))
			before, after := inventory.NewStore(), inventory.NewStore()
			for range 20 {
				f := randomFact(r)
				before.Put(f)
				after.Put(f)
			}
			base := answers(t, before)
			for range 20 {
				f := randomFact(r)
				id, now := f.Identity(), f
				if r.IntN(3) == 0 {
					now = nil
					after.Remove(id)
				} else {
					after.Put(f)
				}
				overlay := inventory.Overlay{Reader: before, ID: id, Now: now}
				if diff := cmp.Diff(answers(t, after), answers(t, overlay)); diff != "" {
					t.Fatalf("%s is now %v: -store +overlay:\n%s", name(id), now, diff)
				}
				if diff := cmp.Diff(base, answers(t, before)); diff != "" {
					t.Fatalf("the overlay changed the store: %s", diff)
				}
				restore(after, before, id)
			}
		})
	}
}

// restore puts back what from has of the object.
func restore(into, from *inventory.Store, id route.ID) {
	ctx := context.Background()
	var old fact.Fact
	var missing bool
	switch id.GroupKind {
	case fact.NamespaceKind:
		f, _ := from.Namespace(ctx, id.Name)
		old, missing = f, f == nil
	case fact.ServiceKind:
		f, _ := from.Service(ctx, id.Ref)
		old, missing = f, f == nil
	case gloo.UpstreamKind.GroupKind():
		f, _ := from.Backend(ctx, id)
		old, missing = f, f == nil
	case fact.DeploymentKind, fact.StatefulSetKind:
		all, _ := from.Workloads(ctx, id.Namespace, nil)
		i := slices.IndexFunc(all, func(w *fact.Workload) bool { return w.ID == id })
		if missing = i < 0; !missing {
			old = all[i]
		}
	default:
		f, _ := from.Table(ctx, id)
		old, missing = f, f == nil
	}
	if missing {
		into.Remove(id)
		return
	}
	into.Put(old)
}

// Readers and writers at once: the race detector watches, and every answer holds together.
func TestStoreConcurrently(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	var group sync.WaitGroup
	for writer := range uint64(2) {
		group.Go(func() {
			r := rand.New(rand.NewPCG(writer, 3))
			for i := range 2000 {
				switch f := randomFact(r); {
				case i%5 == 0:
					store.Remove(f.Identity())
				case i%101 == 0:
					store.Replace(f.Identity().GroupKind, []fact.Fact{f})
				default:
					store.Put(f)
				}
			}
		})
	}
	for range 2 {
		group.Go(func() {
			ctx := t.Context()
			for range 300 {
				for _, ns := range spaces {
					list, err := store.Workloads(ctx, ns, map[string]string{"app": "echo"})
					if err != nil {
						t.Error(err)
					}
					for _, w := range list {
						if w.Namespace != ns || w.Labels["app"] != "echo" {
							t.Errorf("asked for app=echo in %s, got %v", ns, w)
						}
					}
					overlay := inventory.Overlay{Reader: store, ID: serviceID(route.Ref{Namespace: ns, Name: "echo"})}
					if s, err := overlay.Service(ctx, overlay.ID.Ref); s != nil || err != nil {
						t.Errorf("a removed Service = %v, %v", s, err)
					}
				}
			}
		})
	}
	group.Wait()
}

// The Services that routes name themselves are found by their namespace.
func TestServicesRouted(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	ref, other := route.Ref{Namespace: "a", Name: "echo"}, route.Ref{Namespace: "b", Name: "fox"}
	for _, r := range []route.Ref{ref, other, {Namespace: "a", Name: "unnamed"}} {
		store.Put(&fact.Service{Ref: r})
	}
	to := func(ids ...route.ID) []route.Destination {
		var out []route.Destination
		for _, id := range ids {
			out = append(out, route.Destination{Backend: &route.Backend{ID: id}})
		}
		return out
	}
	table := &fact.Table{Table: route.Table{
		ID: route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: "c", Name: "t"}},
		Routes: []route.Route{{
			Destinations: to(serviceID(ref), serviceID(other), upstreamID(ref), serviceID(route.Ref{
				Namespace: "a", Name: "gone",
			})),
		}},
	}}
	for _, r := range []fact.Reader{inventory.Overlay{Reader: store, ID: table.ID, Now: table}, store} {
		if r == fact.Reader(store) {
			store.Put(table)
		}
		got, err := r.ServicesRouted(t.Context(), "a")
		if err != nil || len(got) != 1 || got[0].Ref != ref {
			t.Errorf("%T: ServicesRouted() = %v, %v, want %s", r, got, err, ref)
		}
	}
}
