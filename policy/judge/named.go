package judge

import (
	"context"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// absent describes the tables that the table hands requests on to by name and that are not there: at most [maxNamed],
// of the first [maxFollowed] that it names.
func (d *decision) absent(ctx context.Context, t *fact.Table) ([]input.Absent, error) {
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	var out []input.Absent
	named := parents.Named(t)
	for _, n := range named[:min(len(named), maxFollowed)] {
		there, err := d.after.Table(ctx, n.ID)
		if err != nil {
			return nil, err
		}
		if there == nil && len(out) < maxNamed {
			out = append(out, input.Absent{
				Field: n.Field, Noun: d.kinds.Noun(n.GroupKind), Namespace: n.Namespace, Name: n.Name,
			})
		}
	}
	return out, nil
}

// naming are the tables that name one which comes or goes.
func (j *Judge) naming(ctx context.Context, t *fact.Table, facts fact.Reader) ([]route.ID, error) {
	if !t.Led {
		return nil, nil
	}
	parents, err := j.kinds.Dialect(t.GroupKind).Parents(ctx, facts)
	if err != nil {
		return nil, err
	}
	return parents.Naming(t), nil
}
