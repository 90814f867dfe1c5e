package storm

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Lookback is how old the state may be that the expander acts on: its informers lag, and a canary
// must be available for 10 s before it gets its weight.
const Lookback = 16 * time.Second

// RoutesToDeleted returns the generated routes that, at the end, send traffic to versions that
// don't exist.
func (h History) RoutesToDeleted() (wrong []string) {
	w := h.at(math.MaxUint64)
	for _, t := range w.Tables {
		for _, v := range t.Receives {
			if t.Generated && len(w.Versions) > 0 && w.version(v) == nil {
				wrong = append(wrong, fmt.Sprintf("RouteTable %s sends traffic to %s, which is gone", t.Name, v))
			}
		}
	}
	return wrong
}

// MovesToUnavailable returns the changes of generated routes that took traffic from a canary and
// gave it to a primary without a Pod. Changes are left out if the primary had a Pod at any time
// that the expander may have acted on.
func (h History) MovesToUnavailable() (wrong []string) {
	objects := h.sort()
	for _, list := range objects {
		for i, r := range list {
			if i == 0 || r.Table == nil || !r.Table.Generated || list[i-1].Table == nil {
				continue
			}
			w := h.at(r.Order)
			p := w.primary()
			if p == nil || served(objects, p, r) {
				continue
			}
			for version, weight := range r.Table.Weighted {
				before, had := list[i-1].Table.Weighted[version]
				v := w.version(version)
				if !had || weight >= before || v == nil || v.Role != "canary" {
					continue
				}
				if weight < lowest(objects["Deployment "+v.Deployment], r) {
					wrong = append(wrong, fmt.Sprintf("RouteTable %s takes %s from %d to %d, and primary %s has no pod",
						r.Table.Name, version, before, weight, p.Name))
				}
			}
		}
	}
	return wrong
}

// recent returns the revisions that the expander may have acted on when it wrote a table.
func recent(list []Revision, table Revision) []Revision {
	until := slices.DeleteFunc(slices.Clone(list), func(r Revision) bool { return r.Order > table.Order })
	return current(until, table.Arrived.Add(-Lookback), table.Arrived)
}

// served reports whether the primary, or another version that may have been the primary, had a Pod,
// or whether the primary is new.
func served(objects map[string][]Revision, p *Version, table Revision) bool {
	for _, list := range objects {
		for _, r := range recent(list, table) {
			if v := r.Version; v != nil && v.serves() && (v.Role == "primary" || v.Role == "") {
				return true
			}
			if r.gone() && len(list) > 0 && list[0].Object == "Deployment "+p.Deployment {
				return true
			}
		}
	}
	return false
}

// lowest returns the lowest weight that a canary declared at that time.
func lowest(list []Revision, table Revision) int {
	low := math.MaxInt
	for _, r := range recent(list, table) {
		if r.Version == nil || r.Version.Role != "canary" {
			return 0
		}
		low = min(low, r.Version.Weight)
	}
	return low
}
