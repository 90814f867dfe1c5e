package judge

import (
	"maps"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// tableGroup describes what the label that parents select by is, was and may be.
func (d *decision) tableGroup(t *fact.Table, parents dialect.Parents) (*input.APIGroup, error) {
	key := d.settings.Keys.APIGroup
	value, ok := t.Labels[key]
	group := &input.APIGroup{Field: "metadata.labels[" + key + "]"}
	if ok {
		group.Value = &value
	}
	if old, updated := d.request.Old.(*fact.Table); updated {
		before, had := old.Labels[key]
		if had {
			group.Before = &before
		}
		if before != value || had != ok {
			selected(group, parents, old, t)
		}
	}
	return group, d.allowed(group)
}

// appGroup describes the API group that the plan would use and, where the request changes it,
// whether what led to the app's table still would.
func (c *appChange) appGroup() (*input.APIGroup, error) {
	group := &input.APIGroup{Field: convention.Annotation(convention.KeyAPIGroup)}
	if c.plan.APIGroup != "" {
		group.Value = &c.plan.APIGroup
	}
	if err := c.allowed(group); err != nil {
		return nil, err
	}
	going := c.appBefore.Retiring() || c.appAfter.Retiring() || len(c.appAfter.Versions) == 0
	before := c.appBefore.APIGroup()
	if going || !c.keeps() || before == c.plan.APIGroup {
		return group, nil
	}
	parents, err := c.parents()
	if err != nil {
		return nil, err
	}
	relabelled := *c.table
	relabelled.Labels = maps.Clone(c.table.Labels)
	relabelled.Labels[c.settings.Keys.APIGroup] = c.plan.APIGroup
	group.Before = &before
	selected(group, parents, c.table, &relabelled)
	return group, nil
}

// selected adds whether a parent leads to the table before and after.
func selected(group *input.APIGroup, parents dialect.Parents, before, after *fact.Table) {
	ledBefore, _ := parents.Lead(before)
	ledAfter, _ := parents.Lead(after)
	group.LedBy = parents.Leaders(before)
	group.SelectedBefore, group.SelectedAfter = input.Bool(ledBefore), input.Bool(ledAfter)
}

// allowed adds the groups that the Namespace allows.
func (d *decision) allowed(group *input.APIGroup) error {
	ns, err := d.namespace()
	if ns != nil {
		group.Allowed = ns.APIGroups
	}
	return err
}
