package judge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// Keeper names the app that Aviary keeps the object for, before the request and, if it stays, after it; empty for none,
// and for an object that the request creates.
func (r Request) Keeper(ctx context.Context, facts fact.Reader) (string, error) {
	old := r.Old
	if r.Operation == Audit {
		old = r.New
	}
	if old == nil {
		return "", nil
	}
	app, err := fact.KeeperOf(ctx, facts, old)
	if app == "" || err != nil || r.New == nil {
		return app, err
	}
	if now, err := fact.KeeperOf(ctx, facts, r.New); now != app {
		return "", err
	}
	return app, nil
}

// keeper reads the living app that Aviary keeps the object for; nil for none, and for an object that goes.
func (d *decision) keeper(ctx context.Context) (*convention.App, error) {
	if d.request.New == nil {
		return nil, nil
	}
	name, err := d.request.Keeper(ctx, d.before)
	if name == "" || err != nil {
		return nil, err
	}
	ref := route.Ref{Namespace: d.request.id().Namespace, Name: name}
	app, err := App(ctx, d.after, ref, d.settings, d.kinds)
	if err != nil || len(app.Versions) == 0 {
		return nil, err
	}
	return app, nil
}

// advise has findings about an object that Aviary keeps name what to change: the Deployments of which it is written, as
// what is changed in the object itself is put back. Annotations that others write there stay, and so does what is said
// of them.
func (d *decision) advise(found []policy.Finding) []policy.Finding {
	if d.kept == nil {
		return found
	}
	for i := range found {
		f := &found[i]
		if !strings.HasPrefix(f.Field, "metadata.annotations") {
			f.Fix = d.keptFix(f)
		}
	}
	return found
}

func (d *decision) keptFix(f *policy.Finding) string {
	noun := d.kinds.Noun(d.request.id().GroupKind)
	if v := d.decides(f); v != nil {
		return fmt.Sprintf("Aviary writes this %s from %s of Deployment %s: %s", noun, f.Annotation, v.Deployment, f.Fix)
	}
	var all []string
	for _, v := range d.kept.Versions[:min(len(d.kept.Versions), maxNamed)] {
		all = append(all, v.Deployment)
	}
	of := fmt.Sprintf("the annotations of Deployment %s", strings.Join(all, " and "))
	if rule, _ := d.Rule(f.Rule); rule.Custom() {
		return fmt.Sprintf("Aviary writes this %s from %s: %s", noun, of, f.Fix)
	}
	return fmt.Sprintf("leave it to Aviary, which writes this %s from %s", noun, of)
}

// decides returns the version whose annotation decides what the finding is about; nil if none does.
func (d *decision) decides(f *policy.Finding) *convention.Version {
	switch f.Annotation {
	case "":
		return nil
	case convention.KeyRole, convention.KeyWeight:
		return d.kept.Version(d.versionAt(f.Field))
	}
	return d.kept.Lead()
}

// versionAt names the version to which the destination at the field sends requests; empty for none.
func (d *decision) versionAt(field string) string {
	t, _ := d.request.New.(*fact.Table)
	if t == nil {
		return ""
	}
	for i := range t.Routes {
		at := func(to route.Destination) bool { return to.Field == field && to.Backend != nil }
		if n := slices.IndexFunc(t.Routes[i].Destinations, at); n >= 0 {
			return t.Routes[i].Destinations[n].Backend.Labels[d.settings.Keys.Version]
		}
	}
	return ""
}
