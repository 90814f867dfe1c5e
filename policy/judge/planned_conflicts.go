package judge

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// plannedConflicts describes which of the paths that the app's table will have others have already:
// Aviary writes that table, and nobody judges it before it stands. Of what it has already, the
// table itself is told.
func (c *appChange) plannedConflicts(ctx context.Context) ([]input.Conflict, error) {
	var found []conflict
	add := func(planned *fact.Table, field, lead string) error {
		if len(planned.Routes) == 0 {
			return nil
		}
		of, err := c.conflicts(ctx, planned)
		for _, x := range of {
			if !slices.ContainsFunc(found, x.like) {
				x.field, x.lead = field, lead
				found = append(found, x)
			}
		}
		return err
	}
	paths := convention.Annotation(convention.KeyPaths)
	for _, app := range written(c.appAfter) {
		field, lead := paths, ""
		if l := app.Lead(); c.new == nil && l != nil {
			field, lead = "metadata.name", l.Name
		}
		if err := add(c.planned(app), field, lead); err != nil {
			return nil, err
		}
	}
	if alone := c.plannedAlone(); alone != nil {
		if err := add(alone, paths, c.new.Name); err != nil {
			return nil, err
		}
	}
	if len(found) > 0 && c.keeps() && c.request.Operation != Audit {
		had, err := c.conflicts(ctx, c.table)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(x conflict) bool { return slices.ContainsFunc(had, x.like) })
	}
	return c.describeConflicts(found), nil
}

// like reports whether both are on the same path of the same table.
func (c conflict) like(o conflict) bool {
	return c.relation == o.relation && c.mine.Path == o.mine.Path && c.other.ID == o.other.ID && c.root == o.root
}

// planned is the app's table with those of its routes that are news: by the request, or, where
// nothing changes, because the table does not stand yet. The version whose annotations lead is told
// of it.
func (c *appChange) planned(app *convention.App) *fact.Table {
	plan := c.plan
	if app != c.appAfter {
		plan = app.Plan(nil)
	}
	switch {
	case c.request.Operation != Audit:
		return c.tableOf(plan, c.hadPaths(plan.APIGroup))
	case (c.table == nil || c.table.UID == "") && app.Lead() == c.new:
		return c.tableOf(plan, nil)
	}
	return &fact.Table{}
}

// plannedAlone is the table, likewise, as if the version, which does not lead, were the only one of its app; else nil.
// That may come without a request which could be refused: the garbage collector deletes the others with what owns them.
func (c *appChange) plannedAlone() *fact.Table {
	if c.new == nil || c.appAfter.Lead() == c.new {
		return nil
	}
	plan := c.appAfter.Alone(c.new).Plan(nil)
	had := c.hadPaths(plan.APIGroup)
	if c.appAfter.APIGroup() == plan.APIGroup {
		had = append(had, c.appAfter.Paths()...)
	}
	if c.old != nil {
		if before := c.appBefore.Alone(c.old); before.APIGroup() == plan.APIGroup {
			had = append(had, before.Paths()...)
		}
	}
	return c.tableOf(plan, had)
}

// tableOf is the app's table with those routes of a plan whose paths it had not before.
func (c *appChange) tableOf(plan convention.Plan, had []route.Path) *fact.Table {
	out := &fact.Table{
		Table:   route.Table{ID: c.kinds.Table(c.app)},
		Managed: fact.Managed{App: c.app.Name},
		Led:     true,
		Labels:  map[string]string{c.settings.Keys.APIGroup: plan.APIGroup},
	}
	for _, r := range plan.Routes {
		if !slices.Contains(had, r.Matchers[0].Path) {
			out.Routes = append(out.Routes, r)
		}
	}
	return out
}

// hadPaths are the paths that Aviary wrote before the request to a table of the group.
func (c *appChange) hadPaths(group string) (out []route.Path) {
	for _, app := range written(c.appBefore) {
		if app.State() == convention.Routed && app.APIGroup() == group {
			out = append(out, app.Paths()...)
		}
	}
	return out
}

// plannedParents adds whether a parent will lead to the app's table, as long as that does not stand: then it is told of
// itself. In files the version is told whose annotations lead.
func (c *appChange) plannedParents(doc *input.Document) error {
	audit := c.request.Operation == Audit
	stands := c.keeps() && (!audit || c.table.UID != "")
	if stands || audit && c.appAfter.Lead() != c.new || len(c.plan.Routes) == 0 {
		return nil
	}
	parents, err := c.parents()
	if err != nil {
		return err
	}
	c.delegated(doc, c.planned(c.appAfter), parents)
	return nil
}
