package glooworld

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Translation is what Gloo makes of a world.
type Translation struct {
	VirtualHosts []VirtualHost
	// Dropped are routes that each parent left out which reaches their table, as "<ns>/<table> routes[i]".
	Dropped         []string
	DroppedBy       []Drop
	UnreachedTables []string
	// Refusals are the kinds of what makes Envoy refuse the whole configuration, one for each thing.
	Refusals []string
}

// VirtualHost is what Gloo makes of a VirtualService.
type VirtualHost struct {
	VirtualService string // As namespace/name.
	Domains        []string
	// Faults are the kinds of faults for which Gloo keeps what it sent before; there are no routes then.
	Faults []string
	// Routes are Envoy's, in order. Without any, the virtual host still takes its domains' requests.
	Routes []EnvoyRoute

	refusals []string
}

// Drop is a route that a parent leaves out: for its prefix, case, headers, query or methods.
type Drop struct {
	Route  string `json:"route"`
	Parent string `json:"parent"`
	For    string `json:"for"`
}

// EnvoyRoute is a route of Envoy's: one for each matcher of a route of Gloo's.
type EnvoyRoute struct {
	Source
	Match Matcher `json:"match"`
}

// Source is where a route of Envoy's comes from, and where it leads to.
type Source struct {
	Table          string `json:"table,omitempty"`
	VirtualService string `json:"virtualService,omitempty"`
	Route          int    `json:"route"`   // Its index in the object.
	Matcher        int    `json:"matcher"` // Its index in the route.
	// Action is "redirect" or "directResponse:<status>", and empty for destinations.
	Action       string        `json:"action,omitempty"`
	Destinations []Destination `json:"destinations,omitempty"`
}

// Destination is where a part of the requests goes to. A single one has no weight.
type Destination struct {
	Upstream string            `json:"upstream"` // As namespace/name; empty if there is none.
	Subset   map[string]string `json:"subset,omitempty"`
	Weight   *uint32           `json:"weight,omitempty"`
}

// Frozen returns the VirtualServices whose changes Gloo holds back.
func (t Translation) Frozen() (out []string) {
	for _, h := range t.VirtualHosts {
		if len(h.Faults) > 0 {
			out = append(out, h.VirtualService)
		}
	}
	return out
}

// Translate returns what Gloo makes of a world.
func (w *World) Translate() Translation {
	var t Translation
	all := &found{reached: map[ref]bool{}, served: map[string]bool{}}
	for _, v := range w.services {
		t.VirtualHosts = append(t.VirtualHosts, w.hostOf(v, all))
	}
	freezeConflicts(t.VirtualHosts, w.bare())
	for i, h := range t.VirtualHosts {
		if len(h.Faults) == 0 {
			t.Refusals = append(t.Refusals, h.refusals...)
		} else {
			t.VirtualHosts[i].Routes = nil
		}
	}
	t.DroppedBy = all.drops
	t.Dropped = all.dropped()
	for _, table := range w.tables {
		if name := table.Metadata.ref(); !all.reached[name] {
			t.UnreachedTables = append(t.UnreachedTables, name.String())
		}
	}
	return t
}

// bare returns the VirtualServices without a virtualHost.
func (w *World) bare() (out []string) {
	for _, v := range w.services {
		if v.Spec.VirtualHost == nil {
			out = append(out, v.Metadata.ref().String())
		}
	}
	return out
}

// dropped returns the routes that no parent served.
func (f *found) dropped() []string {
	out := map[string]bool{}
	for _, d := range f.drops {
		if !f.served[d.Route] {
			out[d.Route] = true
		}
	}
	return slices.Sorted(maps.Keys(out))
}

func (p place) String() string { return fmt.Sprintf("%s routes[%d]", p.in.ref(), p.index) }

// Name returns the domains of a virtual host, joined by comma.
func (h VirtualHost) Name() string { return strings.Join(h.Domains, ",") }
