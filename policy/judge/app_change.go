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
	// joins are the versions that a workload of no app joins.
	joins []input.Join

	appBefore, appAfter *convention.App
	// workloads are those of the app after the request, also those that appAfter leaves out.
	workloads []*fact.Workload
	// living are those before the request and after it, for what one of them owns.
	living []*fact.Workload
	// plan is the one after the request, as declared; table is what the app has.
	plan  convention.Plan
	table *fact.Table
	// blocked is what keeps the table from being written; nil for nothing that is known.
	blocked *fact.Blocked
}

// judge has the app judged.
func (c *appChange) judge(ctx context.Context) ([]policy.Finding, error) {
	doc := c.document()
	doc.Joins = c.joins
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
		found = slices.Concat(found, c.advice(), c.unstamped(), c.broughtBack())
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
	if c.table, err = c.after.Table(ctx, c.kinds.Table(c.app)); err != nil {
		return err
	}
	if c.appAfter, c.workloads, err = c.readApp(ctx, c.after, c.app); err != nil {
		return err
	}
	if c.appBefore, c.living = c.appAfter, c.workloads; c.request.Operation != Audit {
		var before []*fact.Workload
		if c.appBefore, before, err = c.readApp(ctx, c.before, c.app); err != nil {
			return err
		}
		c.living = slices.Concat(before, c.workloads)
	}
	says := live(c.table, c.app, c.living, c.settings)
	if c.appBefore = c.appBefore.Beside(says); c.request.InStep && says.Exists {
		says = c.appBefore.Followed()
		c.appBefore = c.appBefore.Beside(says)
	}
	c.appAfter = c.appAfter.Beside(says)
	c.plan = c.appAfter.Plan(nil)
	return c.readBlocked(ctx)
}

// readBlocked reads why the table does not follow, where it does not and that may count.
func (c *appChange) readBlocked(ctx context.Context) error {
	if c.request.Operation == Audit || !c.appBefore.Live().Exists || c.appBefore.InStep() {
		return nil
	}
	b, ok, err := c.Blocked(ctx, c.app, c.after)
	if ok {
		c.blocked = &b
	}
	return err
}

// describe adds the version, its app as it would be, and what would follow.
func (c *appChange) describe(ctx context.Context, doc *input.Document) (err error) {
	doc.App = c.describeApp()
	if doc.App.Joined, err = c.joined(ctx); err != nil {
		return err
	}
	if doc.APIGroup, err = c.appGroup(); err != nil {
		return err
	}
	if doc.Conflicts, err = c.plannedConflicts(ctx); err != nil {
		return err
	}
	if c.new == nil { // it left
		doc.Author, err = c.author(ctx, nil)
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
	if doc.Unaccepted, err = c.plannedUnaccepted(ctx); err != nil {
		return err
	}
	if err = c.plannedParents(doc); err != nil {
		return err
	}
	if doc.Size, err = c.plannedSize(ctx); err != nil {
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
	return c.table != nil && c.table.KeptFor(c.app.Name, c.living) && !c.table.Terminating
}

// advice is what the convention says of the version in its app; what it says of the role only when
// that is news, and in an audit.
func (c *appChange) advice() []convention.Finding {
	if c.new == nil || c.appAfter.Version(c.new.Name) != c.new {
		return nil
	}
	news := c.old == nil || c.appBefore.Role(c.old) != c.appAfter.Role(c.new) || c.old.Role != c.new.Role
	if c.request.Operation == Audit {
		news = !c.unstated() // of which the rule about promotions tells in an audit
	}
	return slices.DeleteFunc(c.appAfter.Advice(c.new), func(f convention.Finding) bool {
		return f.Key == convention.KeyRole && f.Warning && !news
	})
}

// unstated reports whether the app has a primary that does not say so, while versions say other roles.
func (c *appChange) unstated() bool {
	p, implicit := c.appAfter.Primary()
	return p != nil && p.Role != convention.Primary && !implicit
}

// unstamped tells of a version that becomes primary without the time of it.
func (c *appChange) unstamped() []convention.Finding {
	o := c.request.Operation
	if c.new == nil || o != Create && o != Update || !c.appAfter.Unstamped(c.old, c.new) {
		return nil
	}
	return []convention.Finding{{
		Key: convention.KeyPromotedAt, Field: convention.Annotation(convention.KeyPromotedAt),
		Message: "is missing, because Aviary's defaulting webhook was not called", Fix: "apply again",
	}}
}

// broughtBack tells of annotations that take effect at once and come together with another pod template: kubectl
// rollout undo restores all that the Deployment had with its earlier template, also those that were removed since.
func (c *appChange) broughtBack() (out []convention.Finding) {
	if c.new == nil || c.old == nil || c.request.Operation != Update {
		return nil
	}
	tell := func(key string) {
		out = append(out, convention.Finding{
			Key: key, Field: convention.Annotation(key), Message: "comes together with a change of the pod template",
			Fix: "set it in a request of its own: rollout undo brings back annotations that were removed",
		})
	}
	if c.new.Retire && !c.old.Retire {
		tell(convention.KeyRetire)
	}
	if o := c.new.Override; !o.Equal(c.old.Override) && (o.Names("stranded-traffic") || o.Names("promotion")) {
		tell(convention.KeyOverride)
	}
	if len(out) > 0 && c.new.SameTemplate(c.old) { // which takes longer to find out
		return nil
	}
	return out
}

func describeFindings(list []convention.Finding) *[]input.Finding {
	out := make([]input.Finding, 0, len(list))
	for _, f := range list {
		described := input.Finding{Field: f.Field, Message: f.Message, Fix: f.Fix, Evidence: f.Evidence, Annotation: f.Key}
		if f.Warning {
			described.Severity = policy.ModeWarn.String()
		}
		out = append(out, described)
	}
	return &out
}
