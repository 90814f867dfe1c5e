package judge

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// describeClaims adds which of the paths that the app's RouteTable will have others have already: Aviary writes that table,
// and nobody judges it before it stands. Of what it has already, the table itself is told.
func (j *Judge) describeClaims(ctx context.Context, doc *policy.Object, s step, facts inventory.Reader) error {
	planned := j.planned(s)
	if len(planned.Routes) == 0 {
		return nil
	}
	parents, err := facts.Parents(ctx)
	if err != nil {
		return err
	}
	found, err := claims(ctx, planned, parents, facts)
	if err != nil {
		return err
	}
	if len(found) > 0 && s.keeps() && s.request.Operation != Audit {
		had, err := claims(ctx, s.table, parents, facts)
		if err != nil {
			return err
		}
		found = slices.DeleteFunc(found, func(c claim) bool { return slices.ContainsFunc(had, c.like) })
	}
	for i := range found {
		found[i].field = convention.Annotation(convention.KeyPaths)
	}
	j.claims(doc, found)
	return nil
}

// like reports whether both are on the same path of the same table.
func (c claim) like(o claim) bool {
	return c.relation == o.relation && c.mine.Path == o.mine.Path && c.other.Identity() == o.other.Identity() && c.root.Identity() == o.root.Identity()
}

// planned is the app's RouteTable with those of its routes that are news: by the request, or, where nothing changes,
// because the table does not stand yet. The version whose annotations lead is told of it.
func (j *Judge) planned(s step) *inventory.Table {
	out := &inventory.Table{
		Table:  route.Table{Kind: gloo.KindRouteTable, Ref: tableID(s.app).Ref},
		Mark:   inventory.Mark{App: s.app.Name},
		Labels: map[string]string{j.settings.Keys.APIGroup: s.plan.APIGroup},
	}
	if s.request.Operation == Audit {
		if (s.table == nil || s.table.UID == "") && s.is.Lead() == s.now {
			out.Routes = s.plan.Routes
		}
		return out
	}
	var had []route.Path
	if s.was.State() == convention.Routed && s.was.APIGroup() == s.plan.APIGroup {
		had = s.was.Paths()
	}
	for _, r := range s.plan.Routes {
		if !slices.Contains(had, r.Matchers[0].Path) {
			out.Routes = append(out.Routes, r)
		}
	}
	return out
}
