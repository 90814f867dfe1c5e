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
	for _, app := range written(c.appAfter) {
		planned := c.planned(app)
		if len(planned.Routes) == 0 {
			continue
		}
		of, err := c.conflicts(ctx, planned)
		if err != nil {
			return nil, err
		}
		for _, x := range of {
			if !slices.ContainsFunc(found, x.like) {
				found = append(found, x)
			}
		}
	}
	if len(found) > 0 && c.keeps() && c.request.Operation != Audit {
		had, err := c.conflicts(ctx, c.table)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(x conflict) bool { return slices.ContainsFunc(had, x.like) })
	}
	for i := range found {
		found[i].field = convention.Annotation(convention.KeyPaths)
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
	out := &fact.Table{
		Table:   route.Table{ID: c.kinds.Table(c.app)},
		Managed: fact.Managed{App: c.app.Name},
		Led:     true,
		Labels:  map[string]string{c.settings.Keys.APIGroup: plan.APIGroup},
	}
	if c.request.Operation == Audit {
		if (c.table == nil || c.table.UID == "") && app.Lead() == c.new {
			out.Routes = plan.Routes
		}
		return out
	}
	had := c.hadPaths(plan.APIGroup)
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
