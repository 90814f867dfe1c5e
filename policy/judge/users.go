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
// table one for each backend and set of label keys.
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
	}
	sortUsers(out)
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

func sortUsers(out []input.User) {
	slices.SortFunc(out, func(a, b input.User) int {
		return cmp.Or(cmp.Compare(a.Object, b.Object), cmp.Compare(a.Field, b.Field))
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
	u := input.User{
		Object: t.ID.String(), Kind: t.Kind, Namespace: t.Namespace, Name: t.Name, Field: to.Field, Keys: keys, App: t.App,
	}
	if to.Backend.GroupKind != fact.ServiceKind {
		u.Backend = to.Backend.ID.String()
	}
	return append(out, u)
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
