package storm

import (
	"cmp"
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

// foldTime is how long client-go counts an equal Event in the first one, instead of sending it.
const foldTime = 6 * time.Minute

// lateEvents is how long after the end of an absence an Event may still report it, because
// informers lag.
const lateEvents = 5 * time.Second

// Unreported returns the hand-made routes to an absent version that no Event reported within limit.
// took is how long the other Events took, by the start of the absence. An absence that was over
// within limit needs no Event, and neither does one that an earlier Event still reports.
func (h History) Unreported(
	end time.Time, limit func(since time.Time) time.Duration,
) (took map[time.Time]time.Duration, wrong []string) {
	took = map[time.Time]time.Duration{}
	for _, x := range h.absences(end) {
		after, before := time.Duration(-1), false
		for _, at := range h.Reported[x.route] {
			d := at.Sub(x.begin)
			before = before || d < 0 && d > -foldTime
			if d >= 0 && at.Before(x.end.Add(lateEvents)) && (after < 0 || d < after) {
				after = d
			}
		}
		most := limit(x.begin)
		switch {
		case before:
		case after >= 0 && after <= most:
			took[x.begin] = after
		case x.end.Sub(x.begin) > most:
			wrong = append(wrong, fmt.Sprintf(
				"%s is absent, and gets traffic, for %s, and no Event reported it within %s",
				x.route, x.end.Sub(x.begin).Round(time.Millisecond), most))
		}
	}
	return took, wrong
}

// Route returns the key in [History.Reported] of a table's route to a version.
func Route(table, version string) string { return "RouteTable " + table + " to " + version }

type absence struct {
	route      string
	begin, end time.Time
}

// absences returns when hand-made tables sent traffic to a version that wasn't deployed.
func (h History) absences(end time.Time) (closed []absence) {
	all := slices.SortedFunc(slices.Values(h.Revisions), func(a, b Revision) int {
		return cmp.Compare(a.Order, b.Order)
	})
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

// absent returns the routes of hand-made tables to versions that aren't deployed.
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
