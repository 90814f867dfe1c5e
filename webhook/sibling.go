package webhook

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// keptFor gives the living app that the object of the request is kept for by Aviary; empty if it is somebody else's. A
// mark alone does not count: the object must also have the name that Aviary gives, or anybody could claim to be exempt.
func keptFor(ctx context.Context, r judge.Request, facts inventory.Reader) (string, error) {
	fact := r.Old
	if fact == nil {
		return "", nil // a sibling that somebody else creates is a collision or a restore, judged like any object
	}
	var m inventory.Mark
	switch f := fact.(type) {
	case *inventory.Table:
		m = f.Mark
	case *inventory.Upstream:
		m = f.Mark
	case *inventory.Service:
		m = f.Mark
	}
	id := fact.Identity()
	if m.App == "" {
		return "", nil
	}
	living, err := facts.App(ctx, route.Ref{Namespace: id.Namespace, Name: m.App})
	if err != nil || len(living) == 0 || !named(id, m.App) && !namedAfterShadow(id, m.App, living) {
		return "", err
	}
	return m.App, nil
}

// namedAfterShadow reports whether the object has the name of the Upstream of one of the versions as a shadow.
func namedAfterShadow(id inventory.ID, app string, living []*inventory.Workload) bool {
	return id.Kind == gloo.KindUpstream && slices.ContainsFunc(living, func(w *inventory.Workload) bool {
		return w.Version.Role == convention.Shadow && id.Name == convention.ShadowName(app, w.Version.Name)
	})
}

func named(id inventory.ID, app string) bool {
	switch id.Kind {
	case gloo.KindRouteTable:
		return id.Name == convention.TableName(app)
	case gloo.KindUpstream:
		return id.Name == convention.UpstreamName(app)
	case inventory.KindService:
		return id.Name == convention.ServiceName(app)
	}
	return false
}
