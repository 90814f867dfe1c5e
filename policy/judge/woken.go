package judge

import (
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// wakes notes the faults of a table, and of the groups that its routes name, to which requests come now and did not.
func (h *handing) wakes(ctx context.Context, t *fact.Table) error {
	for _, f := range t.Faults {
		if len(h.woken) == maxNamed || f.Reach == fact.ReachKind {
			return nil
		}
		woken, err := h.wakesRoute(ctx, t, routeAt(t, f.Field), f.Path)
		if err != nil {
			return err
		}
		if woken {
			h.woken = append(h.woken, input.Woken{
				Field: "metadata.name", Of: h.now.name(t.ID), Fault: describeFault(&f, false),
			})
		}
	}
	for i := range t.Routes {
		faults, err := h.now.groupFaults(ctx, &t.Routes[i])
		if err != nil || len(faults) == 0 {
			continue
		}
		if woken, err := h.wakesRoute(ctx, t, &t.Routes[i], false); err != nil || !woken {
			return err
		}
		for _, w := range faults {
			w.Field = "metadata.name"
			h.woken = append(h.woken, w)
		}
	}
	return nil
}

// wakesRoute reports whether requests come to a route, or to it by its own path, now and did not.
func (h *handing) wakesRoute(ctx context.Context, t *fact.Table, r *route.Route, path bool) (bool, error) {
	if is, err := h.now.comes(ctx, t, r, path); err != nil || is != awake {
		return false, err
	}
	was, err := h.before.comes(ctx, t, r, path)
	return was != awake, err
}

// wokenGroups are the faults of groups that the table's routes name and did not name.
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
		if len(faults) == 0 || names(d.wholeOld(), r.Group.ID) {
			continue
		}
		if comes, err := d.comes(ctx, now, r, false); err != nil {
			return nil, err
		} else if comes == awake {
			out = append(out, faults...)
		}
	}
	return out, nil
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
		if f.Reach != fact.ReachKind {
			out = append(out, input.Woken{Field: r.Group.Field, Of: d.name(g.ID), Fault: describeFault(&f, false)})
		}
	}
	return out, nil
}

func names(t *fact.Table, group route.ID) bool {
	return t != nil && slices.ContainsFunc(t.Routes, func(r route.Route) bool {
		return r.Group != nil && r.Group.ID == group
	})
}
