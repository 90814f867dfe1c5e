package storm

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

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

// absence is a time in which a hand-made route named a version that wasn't deployed.
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
