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
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/source"

	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// FieldManager is the name that Aviary's writes carry.
const FieldManager = "aviary"

// workers reconcile apps side by side; each app is with one worker at a time.
const workers = 4

// Behaviour is the part of the configuration that the expander follows.
type Behaviour struct {
	Settings convention.Settings
	// Gate keeps a canary's weight off the route while it has no available replica.
	Gate bool
}

// Expander reconciles apps.
type Expander struct {
	// Client has no cache: what it reads is what the API server holds.
	Client    client.Client
	Store     *inventory.Store
	Synced    func(context.Context) error
	Behaviour func() Behaviour
	Events    events.EventRecorder
	Now       func() time.Time

	mu    sync.Mutex
	apps  map[route.Ref]*memory
	queue workqueue.TypedRateLimitingInterface[route.Ref]
}

// memory is what the expander knows of an app from one reconciliation to the next. Losing it costs a few reads.
type memory struct {
	gate convention.Gate
	// kept holds, by kind and name, what was last seen to be as it should.
	kept map[string]kept
	// told are the hindrances and states that an Event has told of, so that it does so once.
	told     map[string]bool
	orphaned bool
	invalid  string
	// routed are the versions that metrics tell of; the Expander's lock guards it.
	routed []routed
	// changed is when the watch first told of a change that is not in line yet.
	changed time.Time
}

func newMemory() *memory { return &memory{kept: map[string]kept{}, told: map[string]bool{}} }

// SetupWithManager starts the expander on the replica that leads.
func (e *Expander) SetupWithManager(m manager.Manager) error {
	e.apps = map[route.Ref]*memory{}
	e.Store.Listen(e.changed)
	if err := metrics.Registry.Register(e); err != nil {
		return err
	}
	return builder.TypedControllerManagedBy[route.Ref](m).
		Named("expander").
		WithOptions(options()).
		WatchesRawSource(source.TypedFunc[route.Ref](e.start)).
		Complete(e)
}

// longest bounds the wait after failures in a row; controller-runtime's default lets it grow to a quarter of an hour.
const longest = 30 * time.Second

func options() controller.TypedOptions[route.Ref] {
	return controller.TypedOptions[route.Ref]{
		MaxConcurrentReconciles: workers,
		RateLimiter:             workqueue.NewTypedItemExponentialFailureRateLimiter[route.Ref](5*time.Millisecond, longest),
	}
}

// start is called once this replica leads. Nothing is planned before every object has been seen, since a version that
// is not known yet would lose its route.
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

func (e *Expander) enqueue(app route.Ref) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.queue == nil {
		return
	}
	m := e.apps[app]
	if m == nil { // so that the time to its first siblings is measured too
		m = newMemory()
		e.apps[app] = m
	}
	if m.changed.IsZero() {
		m.changed = e.Now()
	}
	e.queue.Add(app)
}

// since gives the time of the first change since the app was last in line, and starts anew.
func (e *Expander) since(app *convention.App) time.Time {
	e.mu.Lock()
	defer e.mu.Unlock()
	m := e.apps[route.Ref{Namespace: app.Namespace, Name: app.Name}]
	if m == nil {
		return time.Time{}
	}
	at := m.changed
	m.changed = time.Time{}
	return at
}

// changed finds the apps that a change of the inventory concerns.
func (e *Expander) changed(old, now inventory.Fact) {
	for _, f := range []inventory.Fact{old, now} {
		if f == nil {
			continue
		}
		if app := inventory.AppOf(f); app.Name != "" {
			e.enqueue(app)
		} else if app := namesake(f); app.Name != "" {
			e.enqueue(app) // it stood, or stands, in the way of a sibling
		}
	}
	if ns, ok := now.(*inventory.Namespace); ok {
		for _, app := range e.Store.Apps() {
			if app.Namespace == ns.Name {
				e.enqueue(app)
			}
		}
	}
}

// namesake is the app that would have a sibling of the object's name.
func namesake(f inventory.Fact) route.Ref {
	id := f.Identity()
	switch f.(type) {
	case *inventory.Service, *inventory.Upstream:
		return id.Ref
	case *inventory.Table:
		if app := convention.AppOfTable(id.Name); app != "" {
			return route.Ref{Namespace: id.Namespace, Name: app}
		}
	}
	return route.Ref{}
}

func (e *Expander) remember(app route.Ref) *memory {
	e.mu.Lock()
	defer e.mu.Unlock()
	m := e.apps[app]
	if m == nil {
		m = newMemory()
		e.apps[app] = m
	}
	return m
}

func (e *Expander) forget(app route.Ref) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.apps, app)
}
