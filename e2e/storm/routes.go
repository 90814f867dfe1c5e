package storm

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// memory is how far back what the expander acts on may lie: its informers lag, and a canary settles for 10 s.
const memory = 16 * time.Second

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
	return current(until, table.Arrived.Add(-memory), table.Arrived)
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

// Untold are the hand-made routes on an absent version, and how long it took until an Event told of them. Those that
// ended within the limit need none.
func (h History) Untold(end time.Time, limit func(since time.Time) time.Duration) (took []time.Duration, wrong []string) {
	for _, x := range h.absences(end) {
		told := time.Duration(-1)
		for _, at := range h.Told[x.table] {
			if d := at.Sub(x.begin); d > -slack && (told < 0 || d < told) {
				told = max(d, 0)
			}
		}
		most := limit(x.begin)
		switch {
		case told >= 0 && told <= most:
			took = append(took, told)
		case x.end.Sub(x.begin) > most:
			wrong = append(wrong, fmt.Sprintf("RouteTable %s sent traffic to an absent version for %s, and no Event told of it within %s",
				x.table, x.end.Sub(x.begin).Round(time.Millisecond), most))
		}
	}
	return took, wrong
}

type absence struct {
	table      string
	begin, end time.Time
}

// absences are the times at which a hand-made table sent traffic to a version without workload. Such that lie close
// together are one: Aviary may have seen one.
func (h History) absences(end time.Time) (out []absence) {
	const close = 5 * time.Second
	all := slices.SortedFunc(slices.Values(h.Revisions), func(a, b Revision) int { return int(int64(a.Order) - int64(b.Order)) }) //nolint:gosec // because they are small.
	open := map[string]*absence{}
	var closed []absence
	for _, r := range all {
		w := h.at(r.Order)
		now := map[string]bool{}
		for _, t := range w.Tables {
			now[t.Name] = !t.Generated && slices.ContainsFunc(t.Receives, func(v string) bool { return !w.deployed(v) })
		}
		for name, absent := range now {
			if absent && open[name] == nil {
				open[name] = &absence{name, r.Arrived, end}
			}
		}
		for name, x := range open {
			if !now[name] {
				x.end = r.Arrived
				closed = append(closed, *x)
				delete(open, name)
			}
		}
	}
	for _, x := range open {
		closed = append(closed, *x)
	}
	slices.SortFunc(closed, func(a, b absence) int { return a.begin.Compare(b.begin) })
	for _, x := range closed {
		i := slices.IndexFunc(out, func(o absence) bool { return o.table == x.table && x.begin.Sub(o.end) < close })
		if i >= 0 {
			out[i].end = x.end
		} else {
			out = append(out, x)
		}
	}
	return out
}
