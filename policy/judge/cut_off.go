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
	handed, woken, err := d.handedOn(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := d.wokenGroups(ctx)
	if err != nil {
		return nil, err
	}
	woken = append(woken, groups...)
	exposed, err := d.exposed(ctx)
	if err != nil || len(cut)+len(alone)+len(handed)+len(woken)+len(exposed) == 0 {
		return nil, err
	}
	return &input.Change{
		CutOff: cut, Alone: alone, Handed: handed, Woken: woken[:min(len(woken), maxNamed)], Exposed: exposed,
	}, nil
}

// cutOff describes the tables of which a route gets requests by way of the object and would get none after the request,
// or none for some domains, though it sends them to a version that is there; nil for none. One that says that it
// retires lets them go.
func (d *decision) cutOff(ctx context.Context) ([]input.CutOff, error) {
	old, now := tableOf(d.request.Old), tableOf(d.request.New)
	if old == nil || old.Parent == nil || old.Retire || now != nil && (now.Retire || leadsAsBefore(old, now)) {
		return nil, nil
	}
	c := &cutting{decision: d, old: old, now: now}
	var err error
	if c.were, err = d.dialect.Parents(ctx, d.before); err != nil {
		return nil, err
	}
	if c.under, err = c.were.Under(ctx, old); err != nil {
		return nil, err
	}
	after, err := d.parents()
	for world := d.after; err == nil; {
		var found []input.CutOff
		if found, err = c.off(ctx, after); err != nil || !c.lookAgain(ctx, &world, len(found) > 0) {
			return found, err
		}
		after, err = d.dialect.Parents(ctx, world)
	}
	return nil, err
}

// cutting is a change of an object that leads to others.
type cutting struct {
	*decision
	old, now *fact.Table
	were     dialect.Parents
	// under are the tables to which the object led.
	under []*fact.Table
	// keepers are the objects on account of which nothing is told of some of them, and looked those that were looked at.
	keepers, looked map[route.ID]struct{}
	listed          bool
}

// off describes what is cut off where these are the parents after the request.
func (c *cutting) off(ctx context.Context, after dialect.Parents) ([]input.CutOff, error) {
	c.keepers = map[route.ID]struct{}{}
	var found cuts
	res, hosts := newResolver(c.kinds, c.decision.before), &hosts{}
	for _, t := range c.under {
		if t.Terminating || t.Retire {
			continue
		}
		ways := compared{lasting(c.were.Ways(t), c.old), lasting(after.Ways(t), c.old, c.now), c.kept}
		lost, err := c.cutOf(ctx, res, t, ways, hosts, anyWay)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if lost != nil {
			found.add(c.name(t.ID), lost.tell(nil, after.Far(t)))
		}
	}
	return found.all(), nil
}

// leadsAsBefore reports whether the same tables are led to, by the same parents, and for the same domains.
func leadsAsBefore(old, now *fact.Table) bool {
	return sameWays(old.Parent, parent(now)) && (!old.Led || maps.Equal(old.Labels, now.Labels)) && sameDomains(old, now)
}

// lasting leaves out the ways through what is being deleted, but for the object: what it leads to before and after is
// what is judged. Requests come by the others still, so all else counts them, but they end at any time, and nobody
// judges that.
func lasting(ways []dialect.Way, but ...*fact.Table) []dialect.Way {
	return slices.DeleteFunc(slices.Clone(ways), func(w dialect.Way) bool {
		return slices.ContainsFunc(w.Through(), func(t *fact.Table) bool {
			return t.Terminating && !slices.Contains(but, t)
		})
	})
}

// anyWay tells nothing of ways: who leads to a table answers for all of them.
func anyWay([]dialect.Way) [][]string { return nil }
