package gloo

import (
	"cmp"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// picker is a route that delegates: the index-th of those of an object.
type picker struct {
	from  *fact.Table
	index int
	// place is that among all pickers.
	place int
}

func (p picker) delegation() *delegation { return &of(p.from)[p.index] }

// pickers finds the routes that may delegate to a table by what they ask for. A table isn't asked about all routes that
// delegate: what there is to do would grow with their number times that of the tables.
type pickers struct {
	all        []*fact.Table // in whose order they are
	byName     map[route.Ref][]picker
	bySelector map[wanted][]picker
}

// wanted is a label that tables of a namespace, or of all namespaces, must have; without a key they need none.
type wanted struct{ namespace, key, value string }

// pair is a label that a selector asks for.
type pair struct{ key, value string }

// newPickers keeps each selector under the label that the fewest others ask for, in each namespace that it looks into.
// Of routes side by side with one selector that is found out once.
func newPickers(all []*fact.Table) *pickers {
	asked := map[pair]int{}
	var last *RouteTableSelector
	each(all, func(_ picker, d *delegation) {
		if d.to == nil && d.labelled != nil && d.selector != last {
			last = d.selector
			for k, v := range last.Labels {
				asked[pair{k, v}]++
			}
		}
	})
	out := &pickers{all: all, byName: map[route.Ref][]picker{}, bySelector: map[wanted][]picker{}}
	last = nil
	var by []wanted
	each(all, func(p picker, d *delegation) {
		if d.to != nil {
			out.byName[*d.to] = append(out.byName[*d.to], p)
			return
		}
		if d.labelled == nil {
			return
		}
		if d.selector != last {
			last = d.selector
			by = last.under(d.namespace, asked)
		}
		for _, w := range by {
			out.bySelector[w] = append(out.bySelector[w], p)
		}
	})
	return out
}

// under is what a selector that stands in own is kept under: in each namespace, the label that is asked for least.
func (s *RouteTableSelector) under(own string, asked map[pair]int) (out []wanted) {
	var rarest pair
	for k, v := range s.Labels {
		if here := (pair{k, v}); rarest == (pair{}) || asked[here] < asked[rarest] {
			rarest = here
		}
	}
	for _, namespace := range s.lookedInto(own) {
		out = append(out, wanted{namespace, rarest.key, rarest.value})
	}
	return out
}

// of returns those that delegate to the table, in order.
func (x *pickers) of(t *fact.Table) []picker {
	out := slices.Clone(x.byName[t.Ref])
	for _, namespace := range []string{t.Namespace, allNamespaces} {
		out = append(out, x.bySelector[wanted{namespace: namespace}]...)
		for k, v := range t.Labels {
			out = append(out, x.bySelector[wanted{namespace, k, v}]...)
		}
	}
	out = slices.DeleteFunc(out, func(p picker) bool { return !p.delegation().picks(t) })
	slices.SortFunc(out, func(a, b picker) int { return cmp.Compare(a.place, b.place) })
	return out
}

func each(all []*fact.Table, do func(picker, *delegation)) {
	place := 0
	for _, from := range all {
		for i, list := 0, of(from); i < len(list); i++ {
			do(picker{from, i, place}, &list[i])
			place++
		}
	}
}

// roots are the routes of roots.
func (p *parents) roots() *pickers {
	return newPickers(slices.DeleteFunc(slices.Clone(p.all), func(t *fact.Table) bool { return t.Led }))
}

// maxScanned is of how many tables it is asked who delegates to them before what all parents ask for is put in order.
const maxScanned = 8

// pick returns the routes that delegate to a table, in order.
func (p *parents) pick(t *fact.Table) (out []picker) {
	if p.scanned++; p.scanned > maxScanned && p.known == nil {
		p.known = newPickers(p.all)
	}
	if p.known != nil {
		return p.known.of(t)
	}
	each(p.all, func(by picker, d *delegation) {
		if d.picks(t) {
			out = append(out, by)
		}
	})
	return out
}
