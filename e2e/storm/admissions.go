package storm

import (
	"fmt"
	"time"
)

// timely is how long a request may take at most whose entry fails open, to count as judged.
const timely = 2 * time.Second

// FalseAdmissions returns the removals and promotions that were admitted, although the live table
// spoke against them in every order of the requests at that time.
func (h History) FalseAdmissions() (wrong []string, checked int) {
	objects := h.objects()
	for _, r := range h.Requests {
		if !r.Admitted || r.Table != nil || r.FailsOpen && (h.away(r) || r.slow()) {
			continue
		}
		table := states(generated(objects), r.Begin, r.End)
		choices := h.choices(objects, r, table)
		if tooMany(choices) {
			continue
		}
		checked++
		possible := false
		right := some(choices, World{}, func(w World) bool {
			after, fits := r.apply(w)
			if !fits {
				return false
			}
			possible = true
			return !promotesWrongly(r.Change, w, after) && (!r.removes() || !strandsWrongly(r.Change, w, after))
		})
		if possible && !right {
			wrong = append(wrong, fmt.Sprintf("%s was admitted, and the live table speaks against it in every order%s",
				r.What, describe(table)))
		}
	}
	return wrong, checked
}

// away reports whether a replica may not have answered a request.
func (h History) away(r Request) bool {
	for _, s := range h.Away {
		if r.End.After(s.Begin) && r.Begin.Before(s.End) {
			return true
		}
	}
	return false
}
