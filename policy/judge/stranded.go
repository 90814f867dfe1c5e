package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// TakesAway reports whether the request takes a workload away from what it serves, or out of its
// app: allowing that on what a cache says may strand a route that the cache has not seen yet.
func (r Request) TakesAway() bool {
	old, _ := r.Old.(*fact.Workload)
	if old == nil || !old.Deployed() || r.Operation == Audit {
		return false
	}
	w, _ := r.New.(*fact.Workload)
	return w == nil || !w.Deployed() || !w.Carries(old.Labels) || appOf(old.Version) != appOf(w.Version)
}

// scaled reports whether the request takes a workload from some replicas to none.
func (r Request) scaled() bool {
	old, _ := r.Old.(*fact.Workload)
	w, _ := r.New.(*fact.Workload)
	return old != nil && w != nil && old.Replicas > 0 && w.Replicas == 0
}

// strandedRoutes describes the hand-made routes that the workload serves now, be it in place of the version that they
// name, and that nobody would serve after the request.
func (d *decision) strandedRoutes(ctx context.Context) ([]input.Stranded, error) {
	if !d.request.TakesAway() {
		return nil, nil // it goes on serving all that it served
	}
	old := d.request.Old.(*fact.Workload)
	backends, err := d.backendsOf(ctx, old, d.after)
	if err != nil {
		return nil, err
	}
	all, err := d.leading(ctx, backends, len(backends), d.after.TablesTo)
	if err != nil {
		return nil, err
	}
	var out []input.Stranded
	worlds, of := d.both(), map[string]int{} // how many there are of a namespace
	for _, l := range all {
		if l.table.Terminating || l.table.Retire || d.appTable(l.table) || of[l.table.Namespace] >= maxNamed {
			continue // it goes, or is planned anew
		}
		from := len(out)
		if out, err = d.strandedIn(ctx, out, l.table, l.to, worlds); err != nil {
			return nil, err
		}
		of[l.table.Namespace] += len(out) - from
	}
	if len(out) == 0 {
		return nil, nil
	}
	if going, err := d.retiring(ctx, old); going || err != nil {
		return nil, err
	}
	slices.SortFunc(out, compareStranded)
	return slices.CompactFunc(out, func(a, b input.Stranded) bool {
		return compareStranded(a, b) == 0 && a.Backend == b.Backend
	}), nil
}

func compareStranded(a, b input.Stranded) int {
	return cmp.Or(
		cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Field, b.Field), cmp.Compare(a.Version, b.Version),
	)
}

// retiring reports whether the workload's app is going, or went before the request.
func (d *decision) retiring(ctx context.Context, w *fact.Workload) (bool, error) {
	if w.Version == nil {
		return false, nil
	}
	for _, facts := range []fact.Reader{d.before, d.after} {
		app, _, err := d.readApp(ctx, facts, appOf(w.Version))
		if err != nil || app.Retiring() {
			return true, err
		}
	}
	return false, nil
}

// strandedIn adds the table's routes through one backend that the workload served, the first of them.
func (d *decision) strandedIn(
	ctx context.Context, out []input.Stranded, t *fact.Table, backend route.ID, worlds *both,
) ([]input.Stranded, error) {
	from := len(out)
	for i := 0; i < len(t.Routes) && len(out)-from < maxNamed; i++ {
		r := &t.Routes[i]
		for n := range r.Destinations {
			to := &r.Destinations[n]
			if to.Backend == nil || to.Backend.ID != backend || !r.Receives(*to) {
				continue
			}
			s, lost, err := worlds.loses(ctx, d.kinds.Dialect(t.GroupKind), to)
			if err != nil {
				return nil, err
			}
			gone := d.deserts(s, to)
			if gone || lost != nil && !lost.somebody {
				found := d.describeStranded(t, r, s)
				found.Last = !gone && len(s.endpoints.Labels) > 0
				out = append(out, found)
			}
		}
	}
	return out, d.markReached(ctx, t, out[from:])
}

// markReached says of a table's routes whether requests come to it.
func (d *decision) markReached(ctx context.Context, t *fact.Table, routes []input.Stranded) error {
	if len(routes) == 0 {
		return nil
	}
	reached, err := d.reached(ctx, t)
	for i := range routes {
		routes[i].Reached = reached
	}
	return err
}

// deserts reports whether the workload is the last with the version that a destination means.
func (d *decision) deserts(s *resolved, to *route.Destination) bool {
	old, labels := d.request.Old.(*fact.Workload), s.endpoints.Labels
	return len(labels) > 0 && old.Carries(to.Backend.Labels) && old.Carries(labels) &&
		s.target.Unknown == "" && s.target.Deployed != nil && !*s.target.Deployed
}

func (d *decision) describeStranded(t *fact.Table, r *route.Route, s *resolved) input.Stranded {
	out := input.Stranded{
		Object: t.ID.String(), Kind: t.Kind, Namespace: t.Namespace, Name: t.Name,
		Field: r.Field, Version: values(s.endpoints.Labels), Backend: d.name(s.backend.ID),
	}
	if s.target.Others != nil {
		out.Others = *s.target.Others
	}
	return out
}
