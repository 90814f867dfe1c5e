package storm

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Certain is how long a version must have been without a Pod, or with one, before it is held against
// a table: the leader's watch lags.
const Certain = 5 * time.Second

// Lookback is how old a state may be that still explains a table: the leader's watch lags, and a
// version must be available for 10 s before it gets its share.
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

// Behind returns the generated tables that, at the end, don't follow what the Deployments say.
func (h History) Behind() (wrong []string) {
	w := h.at(math.MaxUint64)
	if t := w.live(); t != nil && w.routed() && w.declared() != nil && w.step(t) == behind {
		wrong = append(wrong, fmt.Sprintf("RouteTable %s follows %q, not what the Deployments say", t.Name, t.Follows))
	}
	return wrong
}

// Rises returns the revisions of generated tables that raise a version's share while it has no Pod, though nothing that
// was said explains it: another version has a Pod, or a canary loses a share that it says, beside a primary that has no
// Pod either. A table that is created anew raises nothing.
func (h History) Rises() (wrong []string) {
	objects := h.objects()
	versions, list := deployments(objects), generated(objects)
	for i, r := range list {
		before := previous(list, i)
		if before == nil {
			continue
		}
		for name, share := range r.Table.Shares {
			if share <= before.Shares[name] || !always(versions[name], r, (*Version).idle) ||
				name == before.incumbent() && share <= rest(versions, name, r) {
				continue
			}
			if why := cmp.Or(servedOther(versions, name, before, r), robbed(versions, name, before, r)); why != "" {
				wrong = append(wrong, fmt.Sprintf("revision %d of RouteTable %s raises %s, which has no pod, from %d to %d, and %s",
					r.Order, r.Table.Name, name, before.Shares[name], share, why))
			}
		}
	}
	return wrong
}

// previous returns the table before a revision of it, or nil if either is gone.
func previous(list []Revision, i int) *Table {
	if i == 0 || list[i].Table == nil {
		return nil
	}
	return list[i-1].Table
}

// idle reports whether the version has no Pod.
func (v *Version) idle() bool { return v == nil || v.Available == 0 }

// recent returns the revisions that the leader may have acted on when it wrote a table.
func recent(list []Revision, table Revision) []Revision {
	var until []Revision
	for _, r := range list {
		if r.Order <= table.Order {
			until = append(until, r)
		}
	}
	return current(until, table.Arrived.Add(-Certain), table.Arrived)
}

// deployments returns the revisions of Deployments by their version.
func deployments(objects map[string][]Revision) map[string][]Revision {
	out := map[string][]Revision{}
	for _, list := range objects {
		if i := slices.IndexFunc(list, func(r Revision) bool { return r.Version != nil }); i >= 0 {
			out[list[i].Version.Name] = list
		}
	}
	return out
}

// always reports whether something holds for a version at every time shortly before a table.
func always(list []Revision, table Revision, holds func(*Version) bool) bool {
	return !slices.ContainsFunc(recent(list, table), func(r Revision) bool { return !holds(r.Version) })
}

// servedOther returns that another version, which may have traffic, had a Pod all the time before a table, or "".
func servedOther(versions map[string][]Revision, version string, before *Table, table Revision) string {
	for name, list := range versions {
		if name != version && always(list, table, func(v *Version) bool {
			return v.serves() && v.Replicas > 0 && (before.Shares[name] > 0 || v.Role != "standby")
		}) {
			return name + " has one"
		}
	}
	return ""
}

// robbed returns that the primary takes what a canary has and says, or "".
func robbed(versions map[string][]Revision, primary string, before *Table, table Revision) string {
	if before.incumbent() != primary || table.Table.incumbent() != primary {
		return ""
	}
	for name, had := range before.Shares {
		has, said := table.Table.Shares[name], lowest(recent(versions[name], table))
		if name != primary && has < min(had, said) {
			return fmt.Sprintf("%s falls from %d to %d", name, had, has)
		}
	}
	return ""
}

// rest returns the most that the canaries beside a primary may have left it, by what they said.
func rest(versions map[string][]Revision, primary string, table Revision) int {
	left := 100
	for name, list := range versions {
		if name != primary {
			left -= lowest(recent(list, table))
		}
	}
	return left
}

// lowest returns the lowest weight of a canary; it is 0 if the version was anything else.
func lowest(list []Revision) int {
	least := math.MaxInt
	for _, r := range list {
		if r.Version == nil || r.Version.Role != "canary" {
			return 0
		}
		least = min(least, r.Version.Weight)
	}
	return least
}
