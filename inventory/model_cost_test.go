package inventory_test

import (
	"fmt"
	"slices"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// withouts are objects that are not counted, of which one stands twice.
func withouts() [][]route.ID {
	one := upstreamID(route.Ref{Namespace: spaces[0], Name: refNames[0]})
	other := route.ID{GroupKind: tableKinds[0], Ref: route.Ref{Namespace: spaces[0], Name: refNames[1]}}
	return [][]route.ID{nil, {one}, {one, other, one}}
}

// askCost asks what the routing objects of each namespace cost.
func askCost(t *testing.T, r fact.Reader, out map[string][]string) {
	t.Helper()
	for _, namespace := range spaces {
		for _, without := range withouts() {
			c, err := r.Cost(t.Context(), namespace, without...)
			out[fmt.Sprint("cost of ", namespace, " without ", without)] = []string{fmt.Sprint(c, err)}
		}
	}
}

func (m model) costs(out map[string][]string) {
	for _, namespace := range spaces {
		for _, without := range withouts() {
			var sum fact.Cost
			for id, f := range m {
				if id.Namespace == namespace && !slices.Contains(without, id) {
					sum = sum.Add(fact.CostOf(f))
				}
			}
			out[fmt.Sprint("cost of ", namespace, " without ", without)] = []string{fmt.Sprint(sum, nil)}
		}
	}
}
