package judge

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// removed are the siblings that Aviary deletes by the request: those that the plan no longer has, or all of them where
// the last version leaves the app. One that is not found may only not be known yet. What goes with the last Deployment
// Kubernetes' garbage collector deletes, and a backend whose Deployment is deleted has lost its pods anyway.
func (c *appChange) removed(ctx context.Context) (out []sibling, err error) {
	if c.request.Operation != Create && c.request.Operation != Update {
		return nil, nil
	}
	for _, id := range c.leaving() {
		s := sibling{id: id, kind: c.kinds.Of(id.GroupKind)}
		if s.fact, err = c.find(ctx, id); err != nil {
			return nil, err
		}
		if state := fact.StateOf(s.fact); s.fact == nil || state.KeptFor(c.app.Name, c.living) {
			out = append(out, s)
		}
	}
	return out, nil
}

// leaving names what the app has before the request and not after it, the table first.
func (c *appChange) leaving() (out []route.ID) {
	left := len(c.appAfter.Versions) == 0
	if c.plan.State == convention.Invalid && !left {
		return nil // then the table stays as it is
	}
	stays := []route.ID{}
	for _, s := range c.kinds.Writer().Siblings(c.appAfter, c.plan) {
		stays = append(stays, s.ID)
	}
	before := c.appBefore.Plan(nil)
	if table := c.kinds.Table(c.app); c.keeps() && !slices.Contains(stays, table) && !goesAnyway(c.appBefore, before) {
		out = append(out, table)
	}
	for _, s := range c.kinds.Writer().Siblings(c.appBefore, before) {
		kind := c.kinds.Of(s.GroupKind)
		switch {
		case slices.Contains(stays, s.ID), slices.Contains(out, s.ID):
		case kind.Role == dialect.Service && !left: // an app that lives keeps its Service
		case s.Name == convention.BackendName(c.app.Name) && c.appAfter.Uses(kind.Use()): // whosever it is
		default:
			out = append(out, s.ID)
		}
	}
	return out
}

// goesAnyway reports whether the app's table was on its way out before the request.
func goesAnyway(app *convention.App, p convention.Plan) bool {
	return len(app.Versions) > 0 && (p.State == convention.Retired || p.State == convention.Unrouted)
}
