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
	planned := c.planned()
	if len(planned.Routes) == 0 {
		return nil, nil
	}
	found, err := c.conflicts(ctx, planned)
	if err != nil {
		return nil, err
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
func (c *appChange) planned() *fact.Table {
	out := &fact.Table{
		Table:   route.Table{ID: c.kinds.Table(c.app)},
		Managed: fact.Managed{App: c.app.Name},
		Led:     true,
		Labels:  map[string]string{c.settings.Keys.APIGroup: c.plan.APIGroup},
	}
	if c.request.Operation == Audit {
		if (c.table == nil || c.table.UID == "") && c.appAfter.Lead() == c.new {
			out.Routes = c.plan.Routes
		}
		return out
	}
	var had []route.Path
	if c.appBefore.State() == convention.Routed && c.appBefore.APIGroup() == c.plan.APIGroup {
		had = c.appBefore.Paths()
	}
	for _, r := range c.plan.Routes {
		if !slices.Contains(had, r.Matchers[0].Path) {
			out.Routes = append(out.Routes, r)
		}
	}
	return out
}
