package rejudge

import (
	"context"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/fact"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

const (
	// gather is how long changes are gathered before it is asked whom they concern: of many that hand on requests it is
	// asked at once.
	gather = 100 * time.Millisecond
	// statesKept bounds the changes of one object that are kept apart meanwhile.
	statesKept = 8
)

// pending are changes in the order in which they came, by object.
type pending struct {
	of map[route.ID][]judge.Change
	// some is sent to when there are some, busy is set while it is asked whom the last ones concern.
	some chan struct{}
	busy bool
}

func newPending() pending {
	return pending{of: map[route.ID][]judge.Change{}, some: make(chan struct{}, 1)}
}

// add notes a change. Of very many of one object the last are one.
func (p *pending) add(before, after fact.Fact) {
	var id route.ID
	if after != nil {
		id = after.Identity()
	} else {
		id = before.Identity()
	}
	list := p.of[id]
	if n := len(list); n >= statesKept {
		list[n-1].New = after
	} else {
		p.of[id] = append(list, judge.Change{Old: before, New: after})
	}
	select {
	case p.some <- struct{}{}:
	default:
	}
}

// note notes a change; it does nothing else, as the watch waits for it.
func (r *Rejudger) note(before, after fact.Fact) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.queue != nil { // this replica leads
		r.pending.add(before, after)
	}
}

// follow has all objects judged whose verdict changes may change, until ctx ends.
func (r *Rejudger) follow(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.pending.some:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(gather):
		}
		r.affected(ctx, r.take())
		r.mu.Lock()
		r.pending.busy = false
		r.mu.Unlock()
	}
}

// take returns what is pending.
func (r *Rejudger) take() (out []judge.Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, list := range r.pending.of {
		out = append(out, list...)
	}
	clear(r.pending.of)
	r.pending.busy = true
	return out
}

// affected has all objects judged whose verdict the changes may change.
func (r *Rejudger) affected(ctx context.Context, changes []judge.Change) {
	ids, err := r.Judge().Affected(ctx, changes, r.Store)
	if err != nil && ctx.Err() == nil { // a Store never fails
		ctrl.LoggerFrom(ctx).Error(err, "it is not known whom changes concern")
	}
	seen := make(map[route.ID]struct{}, len(ids))
	for _, id := range ids {
		if _, twice := seen[id]; !twice {
			seen[id] = struct{}{}
			r.enqueue(id, settle)
		}
	}
}
