package judge

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// appChange is one request as one app sees it.
type appChange struct {
	*decision
	// app is zero for a workload that belongs to none.
	app route.Ref
	// old and new are the version before and after; nil if it was, or is, none of this app's.
	old, new *convention.Version
	stranded []input.Stranded

	appBefore, appAfter *convention.App
	// workloads are those of the app after the request, also those that appAfter leaves out.
	workloads []*fact.Workload
	// plan is the one after the request, as declared; table is what the app has.
	plan  convention.Plan
	table *fact.Table
}

// judge has the app judged.
func (c *appChange) judge(ctx context.Context) ([]policy.Finding, error) {
	doc := c.document()
	change := &input.Change{Stranded: c.stranded, Scaled: c.request.scaled()}
	var found []convention.Finding
	if w, ok := c.request.New.(*fact.Workload); ok && (c.new != nil || c.app == route.Ref{}) {
		found = w.Findings
	}
	if c.app != (route.Ref{}) {
		if err := c.read(ctx); err != nil {
			return nil, err
		}
		if err := c.describe(ctx, doc); err != nil {
			return nil, err
		}
		found = slices.Concat(found, c.advice(), c.unstamped())
		if c.request.Operation != Audit && !c.appBefore.Retiring() && !c.appAfter.Retiring() {
			c.consequences(change)
		}
	}
	doc.Findings = describeFindings(found)
	if c.request.Operation != Audit {
		doc.Change = change
	}
	return c.engine.Evaluate(ctx, policy.SubjectDeployment, doc)
}

// read reads the app before and after, and what it has.
func (c *appChange) read(ctx context.Context) (err error) {
	if c.appAfter, c.workloads, err = c.readApp(ctx, c.after, c.app); err != nil {
		return err
	}
	c.appBefore = c.appAfter
	if c.request.Operation != Audit {
		if c.appBefore, _, err = c.readApp(ctx, c.before, c.app); err != nil {
			return err
		}
	}
	c.plan = c.appAfter.Plan(nil)
	c.table, err = c.after.Table(ctx, c.kinds.Table(c.app))
	return err
}

// describe adds the version, its app as it would be, and what would follow.
func (c *appChange) describe(ctx context.Context, doc *input.Document) (err error) {
	doc.App = c.describeApp()
	if doc.APIGroup, err = c.appGroup(); err != nil || c.new == nil {
		return err
	}
	doc.Version, doc.Labels = c.describeVersion(), c.describeLabels()
	found, err := c.siblings(ctx)
	if err != nil {
		return err
	}
	adopted, err := c.adopted(ctx)
	if err != nil {
		return err
	}
	list := append(c.describeSiblings(found), adopted...)
	doc.Siblings = &list
	if doc.Conflicts, err = c.plannedConflicts(ctx); err != nil {
		return err
	}
	doc.Author, err = c.author(ctx, found)
	return err
}

// hadRoute reports whether the app has a table, or had a plan that routes.
func (c *appChange) hadRoute() bool {
	return c.table != nil || c.appBefore.State() == convention.Routed
}

// keeps reports whether the table that Aviary keeps for the app stands.
func (c *appChange) keeps() bool {
	return c.table != nil && c.table.App == c.app.Name && !c.table.Terminating
}

// advice is what the convention says of the version in its app; what it says of the role only when
// that is news.
func (c *appChange) advice() []convention.Finding {
	if c.new == nil || c.appAfter.Version(c.new.Name) != c.new {
		return nil
	}
	news := c.old == nil || c.appBefore.Role(c.old) != c.appAfter.Role(c.new) || c.old.Role != c.new.Role
	return slices.DeleteFunc(c.appAfter.Advice(c.new), func(f convention.Finding) bool {
		return f.Key == convention.KeyRole && f.Warning && !news
	})
}

// unstamped tells of a version that becomes primary without the time of it.
func (c *appChange) unstamped() []convention.Finding {
	o := c.request.Operation
	if c.new == nil || o != Create && o != Update || !convention.Unstamped(c.old, c.new) {
		return nil
	}
	return []convention.Finding{{
		Key: convention.KeyPromotedAt, Field: convention.Annotation(convention.KeyPromotedAt),
		Message: "is missing, because Aviary's defaulting webhook was not called", Fix: "apply again",
	}}
}

func describeFindings(list []convention.Finding) *[]input.Finding {
	out := make([]input.Finding, 0, len(list))
	for _, f := range list {
		described := input.Finding{Field: f.Field, Message: f.Message, Fix: f.Fix, Evidence: f.Evidence}
		if f.Warning {
			described.Severity = policy.ModeWarn.String()
		}
		out = append(out, described)
	}
	return &out
}
