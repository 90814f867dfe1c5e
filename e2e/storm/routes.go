package storm

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// Memory is how far back what the expander acts on may lie: its informers lag, and a canary settles for 10 s.
const Memory = 16 * time.Second

// StrayRoutes tells which generated routes send traffic to versions that are not there, at the end.
func (h History) StrayRoutes() (wrong []string) {
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

// DarkMoves tells which generated routes took traffic from a canary for a primary that had no pod at any time
// that the expander may have seen.
func (h History) DarkMoves() (wrong []string) {
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
				was, had := list[i-1].Table.Weighted[version]
				if v := w.version(version); had && v != nil && v.Role == "canary" && weight < was && weight < lowest(objects["Deployment "+v.Deployment], r) {
					wrong = append(wrong, fmt.Sprintf("RouteTable %s takes %s from %d to %d, and primary %s has no pod", r.Table.Name, version, was, weight, p.Name))
				}
			}
		}
	}
	return wrong
}

// recent are the revisions that the expander may have acted on when it wrote a table.
func recent(list []Revision, table Revision) []Revision {
	until := slices.DeleteFunc(slices.Clone(list), func(r Revision) bool { return r.Order > table.Order })
	return current(until, table.Arrived.Add(-Memory), table.Arrived)
}

// served reports whether the primary, or another version that may have been it, had a pod, or whether the primary is new.
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

// lowest is the lowest weight that a canary declared at that time.
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

// folded is how long client-go folds an Event that tells the same into the one that told it first.
const folded = 6 * time.Minute

// late is how long after its end an absence may still be told of, by informers that lag.
const late = 5 * time.Second

// Untold are the hand-made routes on an absent version, and how long it took from its time on until an Event told of it. Those that
// ended within the limit need none, nor do those that were told of before: such an Event still stands.
func (h History) Untold(end time.Time, limit func(since time.Time) time.Duration) (took map[time.Time]time.Duration, wrong []string) {
	took = map[time.Time]time.Duration{}
	for _, x := range h.absences(end) {
		told, before := time.Duration(-1), false
		for _, at := range h.Told[x.route] {
			d := at.Sub(x.begin)
			before = before || d < 0 && d > -folded
			if d >= 0 && at.Before(x.end.Add(late)) && (told < 0 || d < told) {
				told = d
			}
		}
		most := limit(x.begin)
		switch {
		case before:
		case told >= 0 && told <= most:
			took[x.begin] = told
		case x.end.Sub(x.begin) > most:
			wrong = append(wrong, fmt.Sprintf("%s is absent, and gets traffic, for %s, and no Event told of it within %s",
				x.route, x.end.Sub(x.begin).Round(time.Millisecond), most))
		}
	}
	return took, wrong
}

// Route names the route of a table to a version in Told.
func Route(table, version string) string { return "RouteTable " + table + " to " + version }

type absence struct {
	route      string
	begin, end time.Time
}

// absences are the times at which a hand-made table sent traffic to a version without workload.
func (h History) absences(end time.Time) (closed []absence) {
	all := slices.SortedFunc(slices.Values(h.Revisions), func(a, b Revision) int { return cmp.Compare(a.Order, b.Order) })
	open := map[string]*absence{}
	states := map[string]Revision{}
	for _, r := range all {
		states[r.Object] = r
		now := absent(states)
		for route := range now {
			if open[route] == nil {
				open[route] = &absence{route, r.Arrived, end}
			}
		}
		for route, x := range open {
			if !now[route] {
				x.end = r.Arrived
				closed = append(closed, *x)
				delete(open, route)
			}
		}
	}
	for _, x := range open {
		closed = append(closed, *x)
	}
	return closed
}

// absent are the routes of hand-made tables to versions without workload.
func absent(states map[string]Revision) map[string]bool {
	var w World
	for _, r := range states {
		w = w.with(r)
	}
	out := map[string]bool{}
	for _, t := range w.Tables {
		for _, v := range t.Receives {
			if !t.Generated && !w.deployed(v) {
				out[Route(t.Name, v)] = true
			}
		}
	}
	return out
}
