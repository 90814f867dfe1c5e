package gloo

import (
	"strconv"
	"sync"
)

// fields has the paths of a route and its parts.
type fields struct {
	route, single, multi string
	destinations         []string // the first ones of the weighted list
}

// Nearly every table's paths are among these. They are made once, and all tables that are kept share them: else they
// would be a fifth of what a store weighs.
const (
	knownRoutes       = 64
	knownDestinations = 4
)

var commonFields = sync.OnceValue(func() map[string][]fields {
	known := map[string][]fields{}
	for _, list := range []string{tableRoutes, hostRoutes} {
		for i := range knownRoutes {
			p := newFields(list, i)
			for k := range knownDestinations {
				p.destinations = append(p.destinations, weightedAt(p.multi, k))
			}
			known[list] = append(known[list], p)
		}
	}
	return known
})

// fieldsOf returns the paths of route i of a list.
func fieldsOf(list string, i int) fields {
	if known := commonFields()[list]; i < len(known) {
		return known[i]
	}
	return newFields(list, i)
}

func newFields(list string, i int) fields {
	at := item(list, i)
	return fields{route: at, single: at + ".routeAction.single", multi: at + ".routeAction.multi.destinations"}
}

// destination returns the path of destination k of the weighted list.
func (p *fields) destination(k int) string {
	if k < len(p.destinations) {
		return p.destinations[k]
	}
	return weightedAt(p.multi, k)
}

func weightedAt(list string, k int) string { return item(list, k) + ".destination" }

func item(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
