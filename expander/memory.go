package expander

import (
	"time"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// memory is what the expander knows of an app from one reconciliation to the next. Losing it costs
// a few reads.
type memory struct {
	gate convention.Gate
	// known are the siblings that were last seen to be as desired.
	known map[route.ID]known
	// trouble is that of an app whose writes fail.
	trouble trouble
	orphans orphans
	invalid string
	// routed are the versions that metrics tell of; the Expander's lock guards it.
	routed []routed
	// changed is when the watch first told of a change that is not in line yet.
	changed time.Time
}

func newMemory() *memory { return &memory{known: map[route.ID]known{}} }

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

// recall returns what is known of an app; nil if nothing is.
func (e *Expander) recall(app route.Ref) *memory {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.apps[app]
}

func (e *Expander) forget(app route.Ref) {
	if m := e.recall(app); m != nil {
		e.healed(app, m)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.apps, app)
}

// since returns the time of the first change since the app was last in line, and starts anew.
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
