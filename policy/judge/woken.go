package judge

import (
	"context"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// wakes notes the faults of a table, and of the groups that its routes name, to which requests come now and did not.
func (h *handing) wakes(ctx context.Context, t *fact.Table) error {
	note := func(r *route.Route, path bool, faults ...input.Woken) error {
		if len(faults) == 0 || len(h.woken) >= maxNamed {
			return nil
		}
		if is, err := h.now.comes(ctx, t, r, path); err != nil || is != awake {
			return err
		}
		if was, err := h.before.comes(ctx, t, r, path); err != nil || was == awake {
			return err
		}
		for _, w := range faults {
			w.Field = "metadata.name"
			h.woken = append(h.woken, w)
		}
		return nil
	}
	for _, f := range t.Faults {
		if err := note(routeAt(t, f.Field), f.Path, h.now.harms(t, f)...); err != nil {
			return err
		}
	}
	for i := range t.Routes {
		faults, err := h.now.groupFaults(ctx, &t.Routes[i])
		if err != nil {
			return err
		}
		if err := note(&t.Routes[i], false, faults...); err != nil {
			return err
		}
	}
	return nil
}

// wokenGroups are the faults of groups that the table's routes name and to which no requests came by it.
func (d *decision) wokenGroups(ctx context.Context) (out []input.Woken, err error) {
	now := tableOf(d.request.New)
	if now == nil || d.request.Operation == Audit {
		return nil, nil
	}
	for i := range now.Routes {
		r := &now.Routes[i]
		faults, err := d.groupFaults(ctx, r)
		if err != nil {
			return nil, err
		}
		if len(faults) == 0 {
			continue
		}
		is, err := d.comes(ctx, now, r, false)
		if err != nil {
			return nil, err
		}
		was, err := d.cameTo(ctx, r.Group.ID)
		if err != nil {
			return nil, err
		}
		if is == awake && !was {
			out = append(out, faults...)
		}
	}
	return out, nil
}

// cameTo reports whether requests came to a group by the table as it was before.
func (d *decision) cameTo(ctx context.Context, group route.ID) (bool, error) {
	old := d.wholeOld()
	if old == nil {
		return false, nil
	}
	before := d.asBefore(ctx, old)
	for i := range old.Routes {
		r := &old.Routes[i]
		if r.Group == nil || r.Group.ID != group {
			continue
		}
		if was, err := before.comes(ctx, old, r, false); err != nil || was == awake {
			return was == awake, err
		}
	}
	return false, nil
}

// groupFaults are those of the group that a route names.
func (d *decision) groupFaults(ctx context.Context, r *route.Route) (out []input.Woken, err error) {
	if r.Group == nil {
		return nil, nil
	}
	g, err := d.after.Table(ctx, r.Group.ID)
	if err != nil || g == nil {
		return nil, err
	}
	for _, f := range g.Faults {
		for _, w := range d.harms(g, f) {
			w.Field = r.Group.Field
			out = append(out, w)
		}
	}
	return out, nil
}

// harms describes a fault, unless it harms whether requests come to it or not: of that the object itself is told.
func (d *decision) harms(t *fact.Table, f fact.Fault) []input.Woken {
	if f.Reach == fact.ReachKind {
		return nil
	}
	return []input.Woken{{Of: d.name(t.ID), Fault: describeFault(&f, false)}}
}
