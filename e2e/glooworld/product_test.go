package glooworld_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/e2e/glooworld"
	"aviary.dev/fact"
	"aviary.dev/inventory"
)

var worlds = flag.Int("worlds", 1000, "how many generated worlds Aviary's own model is held to the second one in")

// TestProduct holds Aviary's own model of Gloo to this one, in worlds that Gloo has not been asked about: which routes
// are dropped, which tables are never entered, and in which order the others are tried.
func TestProduct(t *testing.T) {
	differ := 0
	for seed := range uint64(*worlds) {
		objects := glooworld.Generate(seed)
		world, err := glooworld.Read(objects)
		if err != nil {
			t.Fatal(err)
		}
		want := modelled(world.Translate())
		got, err := served(t.Context(), glootest.World{Objects: objects}.Facts(t), want.Order)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			if differ++; differ <= 5 {
				t.Errorf("seed %d: -second model +Aviary's:\n%s", seed, diff)
			}
		}
	}
	if differ > 0 {
		t.Errorf("%d of %d worlds differ", differ, *worlds)
	}
}

// outcome is what becomes of a world's routes; Order by VirtualService, of those that aren't frozen.
type outcome struct {
	Dropped, Unreached []string
	Order              map[string][]string
}

func modelled(m glooworld.Translation) outcome {
	out := outcome{Dropped: sorted(m.Dropped), Unreached: sorted(m.UnreachedTables), Order: map[string][]string{}}
	for _, h := range m.VirtualHosts {
		if len(h.Faults) > 0 {
			continue
		}
		names := []string{}
		for _, r := range h.Routes {
			name := fmt.Sprintf("%s%s %d %d", r.Table, r.VirtualService, r.Route, r.Matcher)
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		out.Order[h.VirtualService] = names
	}
	return out
}

// served is what Aviary makes of the world, with the order of these VirtualServices.
func served(ctx context.Context, facts []fact.Fact, hosts map[string][]string) (outcome, error) {
	store := inventory.NewStore()
	for _, f := range facts {
		store.Put(f)
	}
	out := outcome{Order: map[string][]string{}}
	parents, err := gloo.Dialect{}.Parents(ctx, store)
	if err != nil {
		return out, err
	}
	for _, f := range facts {
		table, ok := f.(*fact.Table)
		switch {
		case ok && table.Led:
			out.add(table, parents.Ways(table))
		case ok && hosts[table.Ref.String()] != nil && table.Kind == gloo.VirtualServiceKind.Kind:
			names, err := glootest.Order(ctx, parents, facts, table)
			if err != nil {
				return out, err
			}
			out.Order[table.Ref.String()] = append([]string{}, names...)
		}
	}
	out.Dropped, out.Unreached = sorted(out.Dropped), sorted(out.Unreached)
	return out, nil
}

func (o *outcome) add(table *fact.Table, ways []dialect.Way) {
	if len(ways) == 0 {
		o.Unreached = append(o.Unreached, table.Ref.String())
	}
	for i := range table.Routes {
		served := len(ways) == 0 || slices.ContainsFunc(ways, func(w dialect.Way) bool {
			_, drop := w.Take(&table.Routes[i])
			return drop == nil
		})
		if !served {
			o.Dropped = append(o.Dropped, fmt.Sprintf("%s routes[%d]", table.Ref, i))
		}
	}
}

func sorted(list []string) []string {
	out := append([]string{}, list...)
	slices.Sort(out)
	return out
}
