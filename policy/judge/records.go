package judge

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// records tells of changes to what Aviary notes on the table that it keeps for an app: later
// decisions rest on it, and what it said before can't be told from the versions. Aviary itself is
// not asked about. Whoever restores a table brings its records.
func (d *decision) records(ctx context.Context, t *fact.Table) (*[]input.Finding, error) {
	old, ok := d.request.Old.(*fact.Table)
	if !ok || d.request.Operation != Update {
		return nil, nil
	}
	app, err := fact.KeeperOf(ctx, d.before, old)
	if app == "" || err != nil || old.ID != d.kinds.Table(route.Ref{Namespace: old.Namespace, Name: app}) {
		return nil, err // a mark on another object is nobody's
	}
	var found []convention.Finding
	for _, r := range []struct{ key, of, before, after string }{
		{convention.KeyWasPrimary, "the versions that were primary", old.WasPrimary, t.WasPrimary},
		{convention.KeyFollows, "the roles and weights that the table follows", old.Follows, t.Follows},
	} {
		if r.before == r.after {
			continue
		}
		fix := "leave it out of what you apply, or write what it says now"
		if r.after == "" {
			fix = "keep it as it is"
		}
		found = append(found, convention.Finding{
			Key: r.key, Field: convention.Annotation(r.key),
			Message: "is Aviary's record of " + r.of + ", nobody else may change it", Fix: fix,
		})
	}
	label, err := d.keptGroup(ctx, app, old, t)
	if found = append(found, label...); len(found) == 0 || err != nil {
		return nil, err
	}
	return describeFindings(found), nil
}

// keptGroup tells of a change of the label by which parents select the table, where Aviary would not put it back: of
// the groups that a Namespace lists, the table keeps the one that it has.
func (d *decision) keptGroup(
	ctx context.Context, app string, old, t *fact.Table,
) ([]convention.Finding, error) {
	key := d.settings.Keys.APIGroup
	if old.Labels[key] == t.Labels[key] {
		return nil, nil
	}
	ref := route.Ref{Namespace: old.Namespace, Name: app}
	before, err := App(ctx, d.before, ref, d.settings, d.kinds)
	if err != nil || len(before.Versions) == 0 {
		return nil, err
	}
	after, err := App(ctx, d.after, ref, d.settings, d.kinds)
	if err != nil || before.APIGroup() == after.APIGroup() {
		return nil, err
	}
	return []convention.Finding{{
		Key: convention.KeyAPIGroup, Field: "metadata.labels[" + key + "]",
		Message: "is the API group in which Aviary keeps the routes, nobody else may change it",
		Fix:     "set it there", Evidence: true,
	}}, nil
}
