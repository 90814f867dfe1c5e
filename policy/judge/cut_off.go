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
)

// parentGoes judges the removal of a table by what it led to, and by what others leave to it.
func (d *decision) parentGoes(ctx context.Context) ([]policy.Finding, error) {
	doc := d.document()
	var err error
	if doc.Change, err = d.tableChange(ctx); err != nil || doc.Change == nil {
		return nil, err
	}
	return d.engine.Evaluate(ctx, policy.SubjectRoutes, doc)
}

// tableChange describes what a change of a table takes from others, and gives to others; nil for nothing.
func (d *decision) tableChange(ctx context.Context) (*input.Change, error) {
	cut, err := d.cutOff(ctx)
	if err != nil {
		return nil, err
	}
	alone, err := d.leftAlone(ctx)
	if err != nil {
		return nil, err
	}
	handed, err := d.handedOn(ctx)
	if err != nil || len(cut)+len(alone)+len(handed) == 0 {
		return nil, err
	}
	return &input.Change{CutOff: cut, Alone: alone, Handed: handed}, nil
}

// cutOff describes the tables of which a route gets requests by way of the object and would get none after the request,
// though it sends them to a version that is there; nil for none. One that says that it retires lets them go.
func (d *decision) cutOff(ctx context.Context) ([]input.CutOff, error) {
	old, _ := d.request.Old.(*fact.Table)
	now, _ := d.request.New.(*fact.Table)
	if old == nil || old.Parent == nil || old.Retire || now != nil && (now.Retire || leadsAsBefore(old, now)) {
		return nil, nil
	}
	after, err := d.parents()
	if err != nil {
		return nil, err
	}
	before, err := d.dialect.Parents(ctx, d.before)
	if err != nil {
		return nil, err
	}
	under, err := before.Under(ctx, old)
	if err != nil {
		return nil, err
	}
	var found cuts
	res := newResolver(d.kinds, d.before)
	for _, t := range under {
		if t.Terminating || t.Retire {
			continue
		}
		err := d.addCut(ctx, &found, res, t, lasting(before.Ways(t)), lasting(after.Ways(t)), anyWay)
		if err != nil || ctx.Err() != nil {
			return nil, cmp.Or(err, ctx.Err())
		}
	}
	return found.all(), nil
}

// leadsAsBefore reports whether the same tables are led to, and by the same parents.
func leadsAsBefore(old, now *fact.Table) bool {
	return sameWays(old.Parent, parent(now)) && (!old.Led || maps.Equal(old.Labels, now.Labels))
}

// lasting leaves out the ways through tables that are being deleted. Requests come by them still, so all else counts
// them, but they end at any time, and nobody judges that.
func lasting(ways []dialect.Way) []dialect.Way {
	return slices.DeleteFunc(ways, func(w dialect.Way) bool {
		return slices.ContainsFunc(w.Through(), func(t *fact.Table) bool { return t.Terminating })
	})
}

// anyWay tells nothing of ways: who leads to a table answers for all of them.
func anyWay([]dialect.Way) [][]string { return nil }
