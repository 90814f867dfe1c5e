package rejudge

import (
	"time"

	"aviary.dev/policy"
	"aviary.dev/route"
)

// Record is what was found about an object, and when.
type Record struct {
	ID       route.ID
	At       time.Time
	Findings []policy.Finding
}

// Idle reports whether all has been judged that was to be.
func (r *Rejudger) Idle() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queue != nil && r.queue.Len() == 0 && len(r.pending.of) == 0 && !r.pending.busy
}

// Take returns, for each namespace whose findings changed since the last time, all that is found
// there now.
func (r *Rejudger) Take() map[string][]Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make(map[string][]Record, len(r.changed))
	for namespace := range r.changed {
		out[namespace] = nil
	}
	clear(r.changed)
	for id, found := range r.found {
		if records, ok := out[id.Namespace]; ok {
			out[id.Namespace] = append(records, Record{id, found.at, found.findings})
		}
	}
	return out
}

// GiveBack has the next Take return the namespace again.
func (r *Rejudger) GiveBack(namespace string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed[namespace] = struct{}{}
}

// GiveBackAll has the next Take return all namespaces with findings.
func (r *Rejudger) GiveBackAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.found {
		r.changed[id.Namespace] = struct{}{}
	}
}
