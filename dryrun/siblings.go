package dryrun

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// Complete adds what follows from all that was added: the pod templates that Rollouts have from Deployments, the labels
// that tables have from their Namespace, and the siblings that Aviary would keep beside apps, where the manifests don't
// have them. So a route made by hand to an app's backend is right although that backend is in no manifest.
// Nothing follows from a cluster alone: what does not stand there is missing.
func (w *World) Complete(ctx context.Context, settings convention.Settings) error {
	if !w.applied {
		return nil
	}
	w.store.Lend()
	if err := w.defaultTables(ctx); err != nil {
		return err
	}
	for _, ref := range w.store.Apps() {
		app, err := w.App(ctx, ref, settings)
		if err != nil {
			return err
		}
		for _, s := range w.Siblings(app) {
			if w.store.Fact(s.ID) == nil {
				w.AddLive(s.Fact())
			}
		}
	}
	return nil
}

// App reads an app with all its versions.
func (w *World) App(ctx context.Context, ref route.Ref, settings convention.Settings) (*convention.App, error) {
	return judge.App(ctx, w.facts, ref, settings, w.kinds)
}

// Siblings returns what Aviary would keep beside an app, with the declared weights in effect; nothing
// for one without versions, or in the cluster's own namespace.
func (w *World) Siblings(app *convention.App) []dialect.Sibling {
	if len(app.Versions) == 0 || app.Namespace == convention.SystemNamespace {
		return nil
	}
	return w.kinds.Writer().Siblings(app, app.Plan(nil))
}
