package judge

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// users returns the tables whose destinations at one of the backends rest on it, and count: of each
// table one for each backend and set of label keys, or one if it only sends copies of requests there.
func (d *decision) users(ctx context.Context, id route.ID, counts func(*route.Backend) bool) ([]input.User, error) {
	tables, err := d.holding(ctx, id)
	if err != nil {
		return nil, err
	}
	out := []input.User{}
	for _, t := range tables {
		from := len(out)
		for _, r := range t.Routes {
			for _, to := range r.Destinations {
				if to.Backend != nil && to.Backend.ID == id && counts(to.Backend) {
					out = addUser(out, from, t, &to)
				}
			}
		}
		if len(out) == from && counts(&route.Backend{ID: id}) {
			out = addMirrors(out, t, id)
		}
		if err = d.markUsers(ctx, t, out[from:]); err != nil {
			return nil, err
		}
	}
	d.sortUsers(out)
	return out, nil
}

// holding returns the tables whose routes name what the id names and go on holding it.
func (d *decision) holding(ctx context.Context, id route.ID) ([]*fact.Table, error) {
	tables, err := d.after.TablesTo(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]*fact.Table, 0, len(tables))
	for _, t := range tables {
		released, err := d.releases(ctx, t)
		if err != nil {
			return nil, err
		}
		if !released {
			out = append(out, t)
		}
	}
	return out, nil
}

// markUsers says of a table's whether requests come to it.
func (d *decision) markUsers(ctx context.Context, t *fact.Table, users []input.User) error {
	if len(users) == 0 {
		return nil
	}
	reached, err := d.reached(ctx, t)
	for i := range users {
		users[i].Reached = reached
	}
	return err
}

func (d *decision) sortUsers(out []input.User) {
	slices.SortFunc(out, func(a, b input.User) int {
		return cmp.Or(
			d.compareFar(a.Namespace, b.Namespace), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Field, b.Field),
		)
	})
}

func addUser(out []input.User, from int, t *fact.Table, to *route.Destination) []input.User {
	keys := slices.Sorted(maps.Keys(to.Backend.Labels))
	for i := from; i < len(out); i++ {
		if slices.Equal(out[i].Keys, keys) {
			out[i].More++
			return out
		}
	}
	u := userOf(t, to.Backend.ID)
	u.Field, u.Keys = to.Field, keys
	return append(out, u)
}

// addMirrors adds the table if its routes send copies of requests there.
func addMirrors(out []input.User, t *fact.Table, id route.ID) []input.User {
	u := userOf(t, id)
	u.Keys, u.Mirror, u.More = []string{}, true, -1
	for i := range t.Routes {
		if m := t.Routes[i].Mirror; m != nil && m.ID == id {
			if u.More++; u.More == 0 {
				u.Field = m.Field
			}
		}
	}
	if u.Field == "" {
		return out
	}
	return append(out, u)
}

func userOf(t *fact.Table, backend route.ID) input.User {
	u := input.User{Object: t.ID.String(), Kind: t.Kind, Namespace: t.Namespace, Name: t.Name, App: t.App}
	if backend.GroupKind != fact.ServiceKind {
		u.Backend = backend.String()
	}
	return u
}

// releases reports whether a table holds what its routes name no longer: it is being deleted or
// says that it retires, or it is the table of an app that retires or whose last version is gone,
// which the garbage collection takes too.
func (d *decision) releases(ctx context.Context, t *fact.Table) (bool, error) {
	if t.Terminating || t.Retire || !d.appTable(t) {
		return t.Terminating || t.Retire, nil
	}
	living, err := d.after.App(ctx, route.Ref{Namespace: t.Namespace, Name: t.App})
	return len(living) == 0 || slices.ContainsFunc(living, func(w *fact.Workload) bool { return w.Version.Retire }), err
}

// appTable reports whether the table is the one that Aviary keeps for an app.
func (j *Judge) appTable(t *fact.Table) bool {
	return t.App != "" && t.ID == j.kinds.Table(route.Ref{Namespace: t.Namespace, Name: t.App})
}
