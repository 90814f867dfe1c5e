package judge

import (
	"cmp"
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/inventory"
	"aviary.dev/route"
)

// user is a routing object whose destinations rest on an Upstream or a Service: field is the first of them, more counts
// the others that pick endpoints by the same keys.
type user struct {
	table    inventory.ID
	field    string
	more     int
	keys     []string
	upstream route.Ref
	app      string // that Aviary keeps the object for
}

// usersIn gathers the destinations that count, one user for each table and set of keys.
func usersIn(ctx context.Context, facts inventory.Reader, tables []*inventory.Table, counts func(route.Destination) bool) ([]user, error) {
	var out []user
	for _, t := range tables {
		if released, err := releases(ctx, facts, t); err != nil || released {
			if err != nil {
				return nil, err
			}
			continue
		}
		from := len(out)
		for _, r := range t.Routes {
			for _, d := range r.Destinations {
				if counts(d) {
					out = addUser(out, from, t, d)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b user) int {
		return cmp.Or(cmp.Compare(a.table.Kind, b.table.Kind), cmp.Compare(a.table.String(), b.table.String()), cmp.Compare(a.field, b.field))
	})
	return out, nil
}

func addUser(out []user, from int, t *inventory.Table, d route.Destination) []user {
	keys := subsetKeys(d)
	for i := from; i < len(out); i++ {
		if out[i].upstream == d.Upstream && slices.Equal(out[i].keys, keys) {
			out[i].more++
			return out
		}
	}
	return append(out, user{table: t.Identity(), field: d.Field, keys: keys, upstream: d.Upstream, app: t.App})
}

// releases reports whether a routing object holds what its routes name no longer: it is being deleted or says that it
// retires, or it is the table of an app that retires or whose last version is gone, which the garbage collection takes too.
func releases(ctx context.Context, facts inventory.Reader, t *inventory.Table) (bool, error) {
	if t.Terminating || t.Retire || t.App == "" || t.Identity() != tableID(route.Ref{Namespace: t.Ref.Namespace, Name: t.App}) {
		return t.Terminating || t.Retire, nil
	}
	living, err := facts.App(ctx, route.Ref{Namespace: t.Ref.Namespace, Name: t.App})
	return len(living) == 0 || slices.ContainsFunc(living, func(w *inventory.Workload) bool { return w.Version.Retire }), err
}

func (j *Judge) userTerms(list []user) []*ast.Term {
	out := make([]*ast.Term, 0, len(list))
	for _, u := range list {
		o := j.build.Object()
		o.String("object", u.table.Kind+" "+u.table.String())
		o.String("kind", u.table.Kind)
		o.String("namespace", u.table.Namespace)
		o.String("name", u.table.Name)
		o.String("field", u.field)
		o.Int("more", u.more)
		o.Strings("keys", u.keys)
		if u.app != "" {
			o.String("app", u.app)
		}
		if u.upstream.Name != "" {
			o.String("upstream", u.upstream.String())
		}
		out = append(out, o.Done())
	}
	return out
}
