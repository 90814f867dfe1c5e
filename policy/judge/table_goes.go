package judge

import (
	"context"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// tableGoes judges the end of a list of destinations to which routes refer, as that of a backend, and of any other
// table as that of what it led to. What the end of its own routes strands is judged where the app is.
func (d *decision) tableGoes(ctx context.Context, t *fact.Table) ([]policy.Finding, error) {
	if kind := d.kinds.Of(t.GroupKind); kind == nil || kind.Role != dialect.List {
		return d.parentGoes(ctx)
	}
	users, err := d.referrers(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	doc := d.document()
	doc.Change = &input.Change{Users: &users}
	return d.engine.Evaluate(ctx, policy.SubjectBackend, doc)
}

// referrers returns the tables whose routes take their destinations from a list, each once.
func (d *decision) referrers(ctx context.Context, id route.ID) ([]input.User, error) {
	tables, err := d.holding(ctx, id)
	if err != nil {
		return nil, err
	}
	out := []input.User{}
	for _, t := range tables {
		u := input.User{Object: t.ID.String(), Kind: t.Kind, Namespace: t.Namespace, Name: t.Name, App: t.App, More: -1}
		for i := range t.Routes {
			if g := t.Routes[i].Group; g != nil && g.ID == id {
				if u.More++; u.More == 0 {
					u.Field = g.Field
				}
			}
		}
		if u.Field != "" {
			u.Keys = []string{}
			if u.Reached, err = d.reached(ctx, t); err != nil {
				return nil, err
			}
			out = append(out, u)
		}
	}
	d.sortUsers(out)
	return out, nil
}
