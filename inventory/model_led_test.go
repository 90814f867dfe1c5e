package inventory_test

import (
	"fmt"
	"slices"
	"testing"

	"aviary.dev/fact"
)

// askLed asks for the tables that parents may pick, for all by name and for a few in order.
func askLed(t *testing.T, r fact.Reader, out map[string][]string) {
	t.Helper()
	ctx := t.Context()
	for _, l := range someLed() {
		for most := range 3 {
			list, err := r.TablesLed(ctx, l, most, unnamed("fox"))
			if most == 0 {
				out[ledText(l, most)] = names(list, err)
				continue
			}
			var told []string // in this order
			for _, t := range list {
				told = append(told, name(t.ID))
			}
			out[ledText(l, most)] = told
		}
	}
}

// led are the led tables, the lower order first, then by name; most is 0 for all, by name.
func (m model) led(l fact.Led, most int) (out []string) {
	for _, order := range someOrders {
		out = append(out, m.tables(func(t *fact.Table) bool {
			for k, v := range l.Labels {
				if t.Labels[k] != v {
					return false
				}
			}
			return t.Led && t.Order == order && (l.Order == nil || *l.Order == order) && unnamed("fox")(t) &&
				(l.Namespace == fact.AllNamespaces || t.Namespace == l.Namespace)
		})...)
	}
	if most == 0 {
		slices.Sort(out)
		return out
	}
	return out[:min(most, len(out))]
}

func someLed() (out []fact.Led) {
	for _, namespace := range append(slices.Clone(spaces), fact.AllNamespaces) {
		for _, want := range labelSets {
			l := fact.Led{Namespace: namespace, Labels: want}
			out = append(out, l)
			l.Order = &someOrders[1]
			out = append(out, l)
		}
	}
	return out
}

func ledText(l fact.Led, most int) string {
	return fmt.Sprint(most, " led in ", l.Namespace, " with ", labelText(l.Labels), " of one order: ", l.Order != nil)
}

func unnamed(name string) func(*fact.Table) bool {
	return func(t *fact.Table) bool { return t.Name != name }
}
