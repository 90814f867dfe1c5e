package gloo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// TestPickersAreThoseThatPick compares what is found by names and labels with all delegations that pick a table.
func TestPickersAreThoseThatPick(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	labels := func() map[string]string {
		out := map[string]string{}
		for _, k := range []string{"a", "b", "c"} {
			if r.IntN(2) == 0 {
				out[k] = pick("1", "2")
			}
		}
		return out
	}
	found := 0
	for range 200 {
		var all []*fact.Table
		for i := range 1 + r.IntN(5) {
			table := &RouteTable{}
			table.Namespace, table.Name, table.Labels = pick("x", "y"), fmt.Sprint(i), labels()
			for range r.IntN(4) {
				namespaces := [][]string{{"*"}, {"x"}, nil, {"x", "y", "x"}}[r.IntN(4)]
				d := &DelegateAction{Selector: &RouteTableSelector{Namespaces: namespaces}}
				switch r.IntN(4) {
				case 0:
					d = &DelegateAction{Ref: &Ref{Namespace: "x", Name: pick("0", "1")}}
				case 1:
					d.Selector.Expressions = []Expression{{Key: "a", Operator: []byte(`"Exists"`)}}
				case 2:
					d.Selector.Labels = labels()
				case 3:
					d.Selector.Labels, d.Selector.Expressions = map[string]string{"a": "1"}, []Expression{{Key: "a"}} // nothing
				}
				table.Spec.Routes = append(table.Spec.Routes, Route{DelegateAction: d})
			}
			all = append(all, readRouteTable(table))
		}
		p := newParents(all, nil)
		for _, to := range all {
			var got, want, scanned []string
			for _, by := range newPickers(all).of(to) {
				got = append(got, fmt.Sprint(by.from.Ref, by.index))
			}
			for _, by := range p.pick(to) {
				scanned = append(scanned, fmt.Sprint(by.from.Ref, by.index))
			}
			each(all, func(by picker, d *delegation) {
				if d.picks(to) {
					want = append(want, fmt.Sprint(by.from.Ref, by.index))
				}
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: -want +got:\n%s", to.ID, diff)
			}
			if diff := cmp.Diff(want, scanned); diff != "" {
				t.Fatalf("%s: -want +scanned:\n%s", to.ID, diff)
			}
			found += len(got)
			lead := slices.ContainsFunc(all, func(from *fact.Table) bool { return from != to && p.Direct(from, to) })
			if leads, known := p.Lead(to); leads != lead || known != (len(all) > 1) {
				t.Fatalf("%s: led to %t, known %t", to.ID, leads, known)
			}
		}
	}
	if found < 200 {
		t.Errorf("only %d delegations pick", found)
	}
	if got := newPickers(nil).of(&fact.Table{Table: route.Table{}, Led: true}); len(got) > 0 {
		t.Error(got)
	}
}
