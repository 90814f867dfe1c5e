package storm

import (
	"cmp"
	"slices"
	"time"
)

// Revision is one state of an object. If it has neither Version nor Table, the object was deleted.
type Revision struct {
	Object  string    // "Deployment echo-v1"
	Order   uint64    // The resource version.
	Arrived time.Time // When a watch reported it.
	Version *Version  `json:",omitempty"`
	Table   *Table    `json:",omitempty"`

	// remembered is the generated table that was deleted.
	remembered *Table
}

// gone reports whether the object was deleted.
func (r Revision) gone() bool { return r.Version == nil && r.Table == nil }

// Request is a request that was answered.
type Request struct {
	What       string
	Begin, End time.Time
	Admitted   bool
	Denied     []Finding `json:",omitempty"`
	// FailsOpen says that the request is admitted if no replica answers.
	FailsOpen bool `json:",omitempty"`
	Change
}

// Finding is one of the reasons for which a request was denied.
type Finding struct{ Rule, Text string }

// Span is a time.
type Span struct{ Begin, End time.Time }

// History is what happened in the namespace of one app.
type History struct {
	Namespace string
	Revisions []Revision
	Requests  []Request
	// Reported are the times of the Events about a route to an absent version, by [Route].
	Reported map[string][]time.Time
	// Away are the times in which a replica was not ready.
	Away []Span
}

// slack is how late a watch event may arrive.
const slack = 500 * time.Millisecond

// combinations limits how many worlds are tried for one request.
const combinations = 1 << 14

// objects returns the revisions by object, in the API server's order.
func (h History) objects() map[string][]Revision {
	out := map[string][]Revision{}
	for _, r := range h.Revisions {
		out[r.Object] = append(out[r.Object], r)
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b Revision) int { return cmp.Compare(a.Order, b.Order) })
		var last *Table
		for i, r := range list {
			if r.Table != nil && r.Table.Generated {
				last = r.Table
			} else if r.gone() {
				list[i].remembered = last
			}
		}
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

// states returns the same without those that are equal in all that counts. A Deployment that is
// scaled to 0 may or may not have lost its Pods.
func states(list []Revision, begin, end time.Time) (out []Revision) {
	seen := map[Version]bool{}
	absent := false
	add := func(r Revision) {
		switch {
		case r.Version != nil && seen[*r.Version], r.gone() && r.remembered == nil && absent:
			return
		case r.Version != nil:
			seen[*r.Version] = true
		case r.gone() && r.remembered == nil:
			absent = true
		}
		out = append(out, r)
	}
	for _, r := range current(list, begin, end) {
		add(r)
		if v := r.Version; v != nil && v.Replicas == 0 && v.Available > 0 {
			without := *v
			without.Available, r.Version = 0, &without
			add(r)
		}
	}
	return out
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

// some reports whether something holds in some combination of the objects' states.
func some(choices [][]Revision, w World, holds func(World) bool) bool {
	if len(choices) == 0 {
		slices.SortFunc(w.Versions, func(a, b *Version) int { return cmp.Compare(a.Deployment, b.Deployment) })
		return holds(w)
	}
	for _, r := range choices[0] {
		if some(choices[1:], w.with(r), holds) {
			return true
		}
	}
	return false
}

// with returns the world with one more object.
func (w World) with(r Revision) World {
	out := World{slices.Clone(w.Versions), slices.Clone(w.Tables), cmp.Or(w.Remembered, r.remembered)}
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
	for _, list := range h.objects() {
		var last Revision
		for _, r := range list {
			if r.Order <= order {
				last = r
			}
		}
		w = w.with(last)
	}
	slices.SortFunc(w.Versions, func(a, b *Version) int { return cmp.Compare(a.Deployment, b.Deployment) })
	return w
}
