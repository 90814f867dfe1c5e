package expander

import (
	"context"
	"sync"
	"time"

	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// Behaviour is the part of the configuration that the expander follows.
type Behaviour struct {
	Settings convention.Settings
	// Gate keeps a canary's weight off the route while it has no available replica.
	Gate bool
}

// Expander reconciles apps.
type Expander struct {
	// Client has no cache: what it reads is what the API server holds.
	Client client.Client
	Kinds  *dialect.Kinds
	Store  *inventory.Store
	Synced func(context.Context) error
	// Exempt names kube-system and Aviary's own namespace, which the webhooks leave out: where nothing is judged, nothing
	// is kept either. Siblings that stand there stay as they are.
	Exempt    func(namespace string) bool
	Behaviour func() Behaviour
	Events    events.EventRecorder
	Now       func() time.Time

	mu       sync.Mutex
	apps     map[route.Ref]*memory
	queue    workqueue.TypedRateLimitingInterface[route.Ref]
	lanes    lanes
	contests contests
}

// SetupWithManager starts the expander on the replica that leads.
func (e *Expander) SetupWithManager(m manager.Manager) error {
	e.apps, e.lanes.call, e.contests, e.Client = map[route.Ref]*memory{}, e.again, newContests(), limited{e.Client}
	e.Store.Listen(e.changed)
	return builder.TypedControllerManagedBy[route.Ref](m).
		Named("expander").
		WithOptions(options()).
		WatchesRawSource(source.TypedFunc[route.Ref](e.start)).
		Complete(e)
}

// options bounds the wait after failures in a row, which controller-runtime lets grow to a quarter of an hour: who
// can't reach the API server goes on soon after it is back.
func options() controller.TypedOptions[route.Ref] {
	wait := workqueue.NewTypedItemExponentialFailureRateLimiter[route.Ref](5*time.Millisecond, retryHasty)
	return controller.TypedOptions[route.Ref]{MaxConcurrentReconciles: workers, RateLimiter: wait}
}

// start is called once this replica leads. Nothing is planned before every object has been seen,
// since a version that is not known yet would lose its route.
func (e *Expander) start(ctx context.Context, queue workqueue.TypedRateLimitingInterface[route.Ref]) error {
	go func() {
		if e.Synced(ctx) != nil {
			return // shutting down
		}
		e.mu.Lock()
		e.queue = queue
		e.mu.Unlock()
		e.All()
	}()
	return nil
}

// All has every app looked at again, as after a change of the configuration.
func (e *Expander) All() {
	for _, app := range e.Store.Apps() {
		e.enqueue(app)
	}
}
