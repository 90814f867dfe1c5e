package judge

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// groupList judges a change of the API groups that a Namespace lists by the tables that Aviary keeps there: some get
// another label by it.
func (d *decision) groupList(ctx context.Context) ([]policy.Finding, error) {
	old, _ := d.request.Old.(*fact.Namespace)
	now, _ := d.request.New.(*fact.Namespace)
	if old == nil || now == nil || slices.Equal(old.APIGroups, now.APIGroups) {
		return nil, nil
	}
	return d.judgeRegrouped(ctx, now.Name, d.document())
}

// Regrouped judges the settings of the Judge, before they are in force, by what they do to the tables that Aviary
// keeps: some get another label by them. Its findings are about the kind Config.
func (j *Judge) Regrouped(ctx context.Context, facts fact.Reader) ([]policy.Finding, error) {
	d := j.begin(ctx, Request{Operation: Update, New: &fact.Namespace{}}, facts)
	doc := d.document()
	doc.Kind, doc.Noun = "Config", "configuration"
	return d.judgeRegrouped(ctx, fact.AllNamespaces, doc)
}

func (d *decision) judgeRegrouped(
	ctx context.Context, namespace string, doc *input.Document,
) ([]policy.Finding, error) {
	cut, err := d.regrouped(ctx, namespace)
	if err != nil || len(cut) == 0 {
		return nil, err
	}
	doc.Change = &input.Change{CutOff: cut}
	found, err := d.engine.Evaluate(ctx, policy.SubjectRoutes, doc)
	return policy.Sort(found), err
}

// regrouped describes the tables that Aviary keeps of which a route is led to by the label that they have and not by
// the one that they would get, though it sends requests to a version that is there; nil for none.
func (d *decision) regrouped(ctx context.Context, namespace string) ([]input.CutOff, error) {
	tables, err := d.after.TablesLed(ctx, fact.Led{Namespace: namespace}, 0, d.appTable)
	if err != nil {
		return nil, err
	}
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	var found cuts
	res := newResolver(d.kinds, d.after)
	for _, t := range tables {
		next, err := d.relabelled(ctx, t)
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		if next == nil {
			continue
		}
		through := func(ways []dialect.Way) [][]string { return foreign(t.Namespace, ways) }
		lost, err := d.cutOf(ctx, res, t, compared{before: parents.Ways(t), after: parents.Ways(next)}, nil, through)
		if err != nil {
			return nil, err
		}
		if lost != nil {
			found.add(d.name(t.ID), lost.tell(through(lost.ways), parents.Far(next)))
		}
	}
	return found.all(), ctx.Err()
}

// relabelled returns the table as Aviary would label it; nil where that changes nothing, and for one that goes.
func (d *decision) relabelled(ctx context.Context, t *fact.Table) (*fact.Table, error) {
	if t.Terminating || t.Retire {
		return nil, nil
	}
	ref := route.Ref{Namespace: t.Namespace, Name: t.App}
	workloads, err := d.after.App(ctx, ref)
	if err != nil {
		return nil, err
	}
	ns, err := d.after.Namespace(ctx, t.Namespace)
	if err != nil {
		return nil, err
	}
	app := newApp(ref, workloads, ns, d.settings).Beside(live(t, ref, workloads, d.settings))
	key, group := d.settings.Keys.APIGroup, app.APIGroup()
	if len(app.Versions) == 0 || app.Retiring() || cmp.Or(group, t.Labels[key]) == t.Labels[key] {
		return nil, nil
	}
	out := *t
	out.Labels = maps.Clone(t.Labels)
	out.Labels[key] = group
	return &out, nil
}
