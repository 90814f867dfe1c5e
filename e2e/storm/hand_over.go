package storm

import (
	"fmt"
	"time"
)

const (
	// settled is how long a new primary must have been available, unless something else lets it take
	// over.
	settled = 10 * time.Second
	// early is how inexact that is, because the watch of this test lags, too.
	early = time.Second
	// blip is the longest absence of a Pod that the leader may not have seen.
	blip = 4 * time.Second
)

// HandOvers returns the revisions of generated tables in which a new primary took over too soon.
func (h History) HandOvers() (wrong []string, checked int) {
	objects := h.objects()
	versions, list := deployments(objects), generated(objects)
	for i, r := range list {
		before := previous(list, i)
		if before == nil {
			continue
		}
		from, to := before.incumbent(), r.Table.incumbent()
		if from == "" || to == "" || from == to {
			continue
		}
		checked++
		up := availableFor(versions[to], r)
		if up < settled-early && !mayTakeOver(versions[from], before, from, to, r) {
			wrong = append(wrong, fmt.Sprintf("in revision %d of RouteTable %s %s takes over from %s, which has a pod, after %s",
				r.Order, r.Table.Name, to, from, up.Round(time.Millisecond)))
		}
	}
	return wrong, checked
}

// mayTakeOver reports whether a new primary may take over at once: it has everything already, or the
// incumbent is gone or has no Pod.
func mayTakeOver(incumbent []Revision, before *Table, from, to string, table Revision) bool {
	if before.Shares[from] == 0 && before.Shares[to] > 0 {
		return true
	}
	for _, r := range recent(incumbent, table) {
		if r.Version == nil || !r.Version.serves() {
			return true
		}
	}
	return false
}

// availableFor returns how long a version has been available when a table was written, without
// absences that the leader may not have seen.
func availableFor(list []Revision, table Revision) time.Duration {
	var since, down time.Time // Since when it is available, and since when it is not.
	for _, r := range list {
		switch {
		case r.Order > table.Order:
		case !r.Version.serves():
			if down.IsZero() {
				down = r.Arrived
			}
		case since.IsZero() || !down.IsZero() && r.Arrived.Sub(down) > blip:
			since, down = r.Arrived, time.Time{}
		default:
			down = time.Time{}
		}
	}
	if since.IsZero() || !down.IsZero() && table.Arrived.Sub(down) > blip {
		return 0
	}
	return table.Arrived.Sub(since)
}
