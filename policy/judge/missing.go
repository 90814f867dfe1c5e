package judge

import (
	"context"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// missing describes what does not exist and without which the gateway refuses routes: the lists that routes refer to,
// and a backend at which a weighted list ends before a weight above 0.
func (d *decision) missing(ctx context.Context, t *fact.Table, res *resolver) (out []input.Missing, err error) {
	for i := range t.Routes {
		r := &t.Routes[i]
		m, err := d.missingList(ctx, r)
		if err != nil {
			return nil, err
		}
		if m == nil {
			m = d.cut(ctx, r, res)
		}
		if m == nil {
			continue
		}
		comes, err := d.comes(ctx, t, r, false)
		if err != nil {
			return nil, err
		}
		m.Dormant = comes == dormant
		if out = append(out, *m); len(out) == maxNamed {
			break
		}
	}
	return out, nil
}

// missingList describes the list that a route refers to; nil if it exists.
func (d *decision) missingList(ctx context.Context, r *route.Route) (*input.Missing, error) {
	if r.Group == nil || r.Group.Namespace == "" {
		return nil, nil
	}
	list, err := d.after.Table(ctx, r.Group.ID)
	if list != nil || err != nil {
		return nil, err
	}
	return d.describeMissing(r.Group.Field, r.Group.ID), nil
}

// cut describes the backend at which the route's list ends; nil if it ends nowhere, or behind a weight above 0. That a
// backend which exists can't pick the labels is another rule's.
func (d *decision) cut(ctx context.Context, r *route.Route, res *resolver) *input.Missing {
	if !r.Weighted || !d.dialect.Semantics().Cuts() {
		return nil
	}
	for i := range r.Destinations {
		to := &r.Destinations[i]
		if to.Weight.Value > 0 {
			return nil
		}
		if !to.Backend.Known() || len(to.Backend.Labels) == 0 {
			continue
		}
		target := res.resolve(ctx, d.dialect, to).target
		if target.Backend.Exists != nil && !*target.Backend.Exists {
			out := d.describeMissing(to.Field, to.Backend.ID)
			out.Cuts = true
			return out
		}
	}
	return nil
}

func (d *decision) describeMissing(field string, id route.ID) *input.Missing {
	return &input.Missing{
		Field: field, Kind: id.Kind, Noun: d.kinds.Noun(id.GroupKind), Namespace: id.Namespace, Name: id.Name,
	}
}
