package gloo

import (
	"strconv"
	"sync"
)

// place has the paths of a route and its parts.
type place struct {
	route, single, multi string
	destinations         []string // the first ones of the weighted list
}

// Nearly every table's paths are among these. They are made once, and all tables that are kept share them: else they
// would be a fifth of what a store weighs.
const (
	knownRoutes       = 64
	knownDestinations = 4
)

var places = sync.OnceValue(func() map[string][]place {
	known := map[string][]place{}
	for _, list := range []string{tableRoutes, hostRoutes} {
		for i := range knownRoutes {
			p := newPlace(list, i)
			for k := range knownDestinations {
				p.destinations = append(p.destinations, weightedAt(p.multi, k))
			}
			known[list] = append(known[list], p)
		}
	}
	return known
})

// placeOf gives the paths of route i of a list.
func placeOf(list string, i int) place {
	if known := places()[list]; i < len(known) {
		return known[i]
	}
	return newPlace(list, i)
}

func newPlace(list string, i int) place {
	at := item(list, i)
	return place{route: at, single: at + ".routeAction.single", multi: at + ".routeAction.multi.destinations"}
}

// destination gives the path of destination k of the weighted list.
func (p *place) destination(k int) string {
	if k < len(p.destinations) {
		return p.destinations[k]
	}
	return weightedAt(p.multi, k)
}

func weightedAt(list string, k int) string { return item(list, k) + ".destination" }

func item(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }
