package webhook

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// managedFor returns the living app that Aviary keeps the object of the request for; empty if it is
// somebody else's. Labels alone do not count: the object must also have the name that Aviary gives,
// or anybody could claim to be exempt.
func managedFor(ctx context.Context, kinds *dialect.Kinds, r judge.Request, facts fact.Reader) (string, error) {
	if r.Old == nil {
		return "", nil // a sibling that somebody else creates is a collision or a restore, judged like any object
	}
	app := fact.StateOf(r.Old).App
	if app == "" {
		return "", nil
	}
	id := r.Old.Identity()
	living, err := facts.App(ctx, route.Ref{Namespace: id.Namespace, Name: app})
	if err != nil || len(living) == 0 || !isSiblingName(kinds.Of(id.GroupKind), id.Name, app, living) {
		return "", err
	}
	return app, nil
}

// isSiblingName reports whether a sibling of that kind has the name, of an app with these versions.
func isSiblingName(kind *dialect.Kind, name, app string, living []*fact.Workload) bool {
	if kind == nil || !kind.Written {
		return false
	}
	switch kind.Role {
	case dialect.Table:
		return name == convention.TableName(app)
	case dialect.Service:
		return name == convention.ServiceName(app)
	case dialect.Backend:
		return name == convention.BackendName(app) || slices.ContainsFunc(living, func(w *fact.Workload) bool {
			return w.Version.Role == convention.Shadow && name == convention.ShadowName(app, w.Version.Name)
		})
	default:
		return false
	}
}
