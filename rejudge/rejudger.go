package rejudge

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/pace"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

const (
	// settle is how long an object must be left alone before it is judged: what is applied together
	// comes together.
	settle = time.Second
	// limit bounds one judgement; one that fails is tried again after as long.
	limit = 5 * time.Second
	// toldInARow is how often in a row something new is told of one object at once, and restTold how long it then takes
	// each time: somebody may break it and have it mended all the time.
	toldInARow, restTold = 3, time.Minute
)

// Rejudger knows which objects in the cluster break a rule, on the replica that leads.
type Rejudger struct {
	// Judge returns the judge of the configuration in force.
	Judge func() *judge.Judge
	Store *inventory.Store
	// Live is asked for running Pods, which the store doesn't hold, before a version is said to be
	// missing.
	Live   inventory.Cluster
	Synced func(context.Context) error
	Events events.EventRecorder
	// Contested reports whether somebody changes an object again and again and Aviary puts it back, which is told by
	// whoever does so: no fault of it is told meanwhile. It may be nil.
	Contested func(route.ID) bool
	// Interval is the time between two passes over everything.
	Interval time.Duration

	mu    sync.Mutex
	queue workqueue.TypedDelayingInterface[route.ID]
	found map[route.ID]record
	sums  sums
	// changed are the namespaces whose findings have changed since [Rejudger.Take].
	changed map[string]struct{}
	tells   *pace.Pace[route.ID]
	// pending are changes of which it is not known yet whom they concern.
	pending pending
}

// record is what was found about an object, and when.
type record struct {
	at       time.Time
	uid      types.UID
	findings []policy.Finding
	// told are those of which no more is to be told.
	told []policy.Finding
}

// Listen has the store tell of changes; to be called before the store is filled.
func (r *Rejudger) Listen() {
	r.found, r.sums, r.changed = map[route.ID]record{}, sums{}, map[string]struct{}{}
	r.pending, r.tells = newPending(), pace.New[route.ID](restTold, toldInARow)
	r.Store.Listen(r.note)
}

// Start judges until ctx ends.
func (r *Rejudger) Start(ctx context.Context) error {
	if err := r.Synced(ctx); err != nil {
		return nil //nolint:nilerr // because it means that the process shuts down.
	}
	r.mu.Lock()
	r.queue = workqueue.NewTypedDelayingQueue[route.ID]()
	r.mu.Unlock()
	context.AfterFunc(ctx, r.queue.ShutDown)
	r.All()
	go r.repeat(ctx)
	go r.follow(ctx)
	for {
		id, done := r.queue.Get()
		if done {
			return nil
		}
		r.judge(ctx, id)
		r.queue.Done(id)
	}
}

// All has everything judged again, as after a change of the configuration.
func (r *Rejudger) All() {
	for _, f := range r.Store.All() {
		r.enqueue(f.Identity(), 0)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id := range r.found { // what went away while another replica led
		if r.queue != nil {
			r.queue.Add(id)
		}
	}
}

func (r *Rejudger) repeat(ctx context.Context) {
	tick := time.NewTicker(r.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			r.All() // what is queued already is not queued twice, so passes never overlap
		}
	}
}

func (r *Rejudger) enqueue(id route.ID, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.queue != nil && id.GroupKind != fact.NamespaceKind {
		r.queue.AddAfter(id, after)
	}
}

// leads reports whether this replica judges.
func (r *Rejudger) leads() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.queue != nil
}
