package expander

import (
	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// changed finds the apps that a change of the inventory concerns.
func (e *Expander) changed(before, after fact.Fact) {
	for _, f := range []fact.Fact{before, after} {
		if f == nil {
			continue
		}
		if app := fact.AppOf(f); app.Name != "" {
			e.enqueue(app)
		} else if app := namesake(f); app.Name != "" {
			e.enqueue(app) // it stood, or stands, in the way of a sibling
		}
	}
	if ns, ok := after.(*fact.Namespace); ok {
		for _, app := range e.Store.Apps() {
			if app.Namespace == ns.Name {
				e.enqueue(app)
			}
		}
	}
}

// namesake is the app that would have a sibling of the object's name.
func namesake(f fact.Fact) route.Ref {
	id := f.Identity()
	switch f.(type) {
	case *fact.Service, *fact.Backend:
		return id.Ref
	case *fact.Table:
		if app := convention.AppOfTable(id.Name); app != "" {
			return route.Ref{Namespace: id.Namespace, Name: app}
		}
	}
	return route.Ref{}
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

// again has a worker come back to an app for which there was none.
func (e *Expander) again(app route.Ref) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.queue != nil {
		e.queue.Add(app)
	}
}
