package storm

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Revision is one state of an object. If it has neither Version nor Table, the object was deleted.
type Revision struct {
	Object  string    // "Deployment echo-v1"
	Order   uint64    // The resource version.
	Arrived time.Time // When a watch reported it.
	Version *Version
	Table   *Table
}

// gone reports whether the object was deleted.
func (r Revision) gone() bool { return r.Version == nil && r.Table == nil }

// Request is a denied request.
type Request struct {
	What       string
	Begin, End time.Time
	Rules      []string
	Change
}

// History is what happened in the namespace of one app.
type History struct {
	Revisions []Revision
	Denied    []Request
	// Reported are the times of the Events about a route to an absent version, by [Route].
	Reported map[string][]time.Time
}

// slack is how late a watch event may arrive.
const slack = 500 * time.Millisecond

// combinations limits how many worlds are tried for one denial.
const combinations = 1 << 14

// sort returns the revisions by object, in the API server's order.
func (h History) sort() map[string][]Revision {
	out := map[string][]Revision{}
	for _, r := range h.Revisions {
		out[r.Object] = append(out[r.Object], r)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b Revision) int { return cmp.Compare(a.Order, b.Order) })
	}
	return out
}

// current returns the revisions that may have been current between two times. The zero Revision
// means that the object didn't exist.
func current(list []Revision, begin, end time.Time) []Revision {
	out := []Revision{{}} // Before its first revision it did not exist.
	for _, r := range list {
		if r.Arrived.After(end.Add(slack)) {
			break
		}
		if !r.Arrived.After(begin) {
			out = out[:0] // It had replaced the older ones before that time.
		}
		out = append(out, r)
	}
	return out
}

// FalseDenials returns the denials that no order of the requests at that time explains, and how
// many denials had too many orders to check.
func (h History) FalseDenials() (wrong []string, unchecked int) {
	objects := h.sort()
	for _, r := range h.Denied {
		var choices [][]Revision
		for _, list := range objects {
			choices = append(choices, current(list, r.Begin, r.End))
		}
		for _, rule := range r.Rules {
			switch {
			case tooMany(choices):
				unchecked++
			case !explained(choices, World{}, func(w World) bool { return refuses(rule, r.Change, w) }):
				wrong = append(wrong, fmt.Sprintf(
					"%s was denied by %s, and that is right in no order of the requests", r.What, rule))
			}
		}
	}
	return wrong, unchecked
}

// tooMany reports whether there are more combinations than are tried.
func tooMany(choices [][]Revision) bool {
	count := 1
	for _, c := range choices {
		if count *= len(c); count > combinations {
			return true
		}
	}
	return false
}

// explained reports whether the denial is right in some combination of the objects' states.
func explained(choices [][]Revision, w World, right func(World) bool) bool {
	if len(choices) == 0 {
		slices.SortFunc(w.Versions, func(a, b *Version) int { return cmp.Compare(a.Deployment, b.Deployment) })
		return right(w)
	}
	for _, r := range choices[0] {
		if explained(choices[1:], w.with(r), right) {
			return true
		}
	}
	return false
}

// with returns the world with one more object.
func (w World) with(r Revision) World {
	out := World{slices.Clone(w.Versions), slices.Clone(w.Tables)}
	if r.Version != nil {
		out.Versions = append(out.Versions, r.Version)
	}
	if r.Table != nil {
		out.Tables = append(out.Tables, r.Table)
	}
	return out
}

// at returns the world right after a resource version.
func (h History) at(order uint64) (w World) {
	for _, list := range h.sort() {
		var last Revision
		for _, r := range list {
			if r.Order <= order {
				last = r
			}
		}
		w = w.with(last)
	}
	return w
}
