package storm

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// decision is how long a replica may take from its last look at the table until the client has its answer. What the
// table was in that time at the end of a request must explain a denial. With the race detector, on two cores that other
// stories use as well, 730 ms were seen.
const decision = 850 * time.Millisecond

// looked returns when the last look at the table may have been. A request takes longer than it may where the machine is
// busy: then a look may get no answer, and what was found before it stands.
func (r Request) looked() time.Time {
	if r.slow() {
		return r.Begin
	}
	return later(r.Begin, r.End.Add(-decision))
}

// slow reports whether the request took longer than it may.
func (r Request) slow() bool { return r.End.Sub(r.Begin) > timely }

// lastSecond is how long a request waits for the table at most, and glance how long the table must
// have been as it was for a watch to see it.
const lastSecond, glance = time.Second, 300 * time.Millisecond

// Checked counts what was judged.
type Checked struct {
	All, TooMany        int // Reasons for denials; TooMany had too many orders to try.
	Table, Unwitnessed  int // Those that name the live table; of Unwitnessed no revision of it was seen.
	Admitted, HandOvers int // Admitted are requests.
	// Passing are denials that were right in the end, but not with every revision of the table in the
	// request's last second. A replica whose watch lags can't see one that comes and goes.
	Passing int
	// Slow are reasons by the table for which any of its revisions in the request counted, see [Request.looked].
	Slow int
}

// Add adds other counts.
func (c *Checked) Add(o Checked) {
	c.All += o.All
	c.TooMany += o.TooMany
	c.Table += o.Table
	c.Unwitnessed += o.Unwitnessed
	c.Admitted += o.Admitted
	c.HandOvers += o.HandOvers
	c.Passing += o.Passing
	c.Slow += o.Slow
}

// FalseDenials returns the denials that no order of the requests at that time explains. A request
// waits for the table, so a denial by it must be right with what the table was in the end.
func (h History) FalseDenials() (wrong []string, n Checked) {
	objects := h.objects()
	for _, r := range h.Requests {
		for _, f := range r.Denied {
			n.All++
			var table []Revision
			if f.byTable() {
				list := generated(objects)
				table = states(list, r.looked(), r.End)
				if r.slow() {
					n.Slow++
				}
				if f.namesTable() {
					n.Table++
					n.Unwitnessed += unseen(states(list, later(r.Begin, r.End.Add(-lastSecond)), r.End))
				}
			}
			choices := h.choices(objects, r, table)
			if tooMany(choices) {
				n.TooMany++
			} else if some(choices, World{}, func(w World) bool { return f.explained(r.Change, w) }) {
				n.Passing += h.passing(objects, r, f)
			} else {
				wrong = append(wrong, fmt.Sprintf("%s was denied by %s, and that is right in no order of the requests%s: %s",
					r.What, f.Rule, describe(table), f.Text))
			}
		}
	}
	return wrong, n
}

// unseen returns 1 if there was no table, else 0.
func unseen(table []Revision) int {
	if slices.ContainsFunc(table, func(r Revision) bool { return r.Table != nil }) {
		return 0
	}
	return 1
}

// passing returns 1 if a revision of the table does not explain the denial, which was there long
// enough in the request's last second; else 0.
func (h History) passing(objects map[string][]Revision, r Request, f Finding) int {
	if !f.namesTable() {
		return 0
	}
	begin := later(r.Begin, r.End.Add(-lastSecond))
	all := states(generated(objects), begin, r.End)
	for i, x := range all {
		until := r.End
		if i+1 < len(all) && all[i+1].Arrived.Before(until) {
			until = all[i+1].Arrived
		}
		if x.Table == nil || until.Sub(later(begin, x.Arrived)) < glance {
			continue
		}
		if !some(h.choices(objects, r, all[i:i+1]), World{}, func(w World) bool { return f.explained(r.Change, w) }) {
			return 1
		}
	}
	return 0
}

// later returns the later time.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// namesTable reports whether the denial says what the generated table gives.
func (f Finding) namesTable() bool { return f.byTable() && strings.Contains(f.Text, "echo-routes") }

// byTable reports whether the denial is one by the generated table, or by the plan while there is none.
func (f Finding) byTable() bool {
	return f.Rule == "promotion" || f.Rule == "stranded-traffic" && !strings.Contains(f.Text, "sends traffic to")
}

// explained reports whether the denial is right in a world.
func (f Finding) explained(c Change, w World) bool {
	if f.Rule == "stranded-traffic" && !f.byTable() {
		return strandsByHand(c, w)
	}
	return refuses(f.Rule, c, w)
}

// generated returns the revisions of the generated table.
func generated(objects map[string][]Revision) []Revision {
	for _, list := range objects {
		for _, r := range list {
			if r.Table != nil && r.Table.Generated {
				return list
			}
		}
	}
	return nil
}

// choices returns what each object may have been during a request. table, if there is any, are the
// choices for the generated table.
func (h History) choices(objects map[string][]Revision, r Request, table []Revision) (out [][]Revision) {
	for _, list := range objects {
		if len(table) > 0 && list[0].Object == generatedName(objects) {
			out = append(out, table)
			continue
		}
		choice := states(list, r.Begin, r.End)
		if len(choice) == 1 && choice[0].gone() && choice[0].remembered == nil {
			continue
		}
		out = append(out, choice)
	}
	return out
}

// generatedName returns the name of the generated table, as in [Revision.Object].
func generatedName(objects map[string][]Revision) string {
	if list := generated(objects); len(list) > 0 {
		return list[0].Object
	}
	return ""
}

// describe returns the revisions of a table that had to explain a denial.
func describe(tables []Revision) string {
	var b strings.Builder
	for _, r := range tables {
		if r.Table != nil {
			fmt.Fprintf(&b, " with the table of revision %d (%v, header routes to %v, follows %q, was primary %v)",
				r.Order, r.Table.Shares, r.Table.Receives, r.Table.Follows, r.Table.WasPrimary)
		}
	}
	return b.String()
}
