package judge

import (
	"context"
	"reflect"
	"slices"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// Touches names the objects whose verdict the change of a fact may change, nil for one that was or is not there: the object
// itself, the routes that reach it, the other versions of its app, the RouteTables on whose paths it may have a claim, and
// those that it led to or leads to now. Indexes find them, but for the last: a change of what delegates is rare.
func (j *Judge) Touches(ctx context.Context, old, now inventory.Fact, facts *inventory.Store) (ids []inventory.ID, err error) {
	for _, f := range []inventory.Fact{old, now} {
		if f == nil {
			continue
		}
		near, err := j.near(ctx, f, facts)
		if err != nil {
			return nil, err
		}
		ids = append(append(ids, f.Identity()), near...)
	}
	before, _ := old.(*inventory.Table)
	after, _ := now.(*inventory.Table)
	if !sameWays(before, after) {
		ids = append(append(ids, below(before, facts)...), below(after, facts)...)
	}
	return ids, nil
}

func (j *Judge) near(ctx context.Context, f inventory.Fact, facts inventory.Reader) (ids []inventory.ID, err error) {
	upstreams := map[route.Ref]struct{}{}
	switch f := f.(type) {
	case *inventory.Workload:
		var versions []*inventory.Workload
		if upstreams, err = j.upstreamsOf(ctx, f, facts); err == nil && f.Version != nil {
			versions, err = facts.App(ctx, appOf(f.Version))
		}
		ids = identities(ids, versions)
	case *inventory.Table:
		var near []*inventory.Table
		near, err = neighbours(ctx, f, facts)
		ids = identities(ids, near)
	case *inventory.Upstream:
		upstreams[f.Ref] = struct{}{}
	case *inventory.Service:
		upstreams, err = upstreamsOver(ctx, f, facts)
	}
	for ref := range upstreams {
		var tables []*inventory.Table
		if err == nil {
			tables, err = facts.TablesTo(ctx, ref)
		}
		ids = identities(ids, tables)
	}
	return ids, err
}

// below are the RouteTables that the table leads to, by way of others, too.
func below(t *inventory.Table, facts *inventory.Store) (ids []inventory.ID) {
	if t == nil || len(t.Delegates) == 0 {
		return nil
	}
	var tables, parents []*inventory.Table
	for _, f := range facts.All() {
		if o, ok := f.(*inventory.Table); ok && o.Kind == gloo.KindRouteTable {
			tables = append(tables, o)
			if len(o.Delegates) > 0 {
				parents = append(parents, o)
			}
		}
	}
	all := follow(t, parents)
	return identities(ids, slices.DeleteFunc(tables, func(o *inventory.Table) bool { return !all.leadsTo(o) }))
}

// sameWays reports whether both lead to the same tables in the same way; nil is a table that leads nowhere.
func sameWays(a, b *inventory.Table) bool {
	return reflect.DeepEqual(ways(a), ways(b))
}

// ways are the table's delegations without the functions, which the words stand for.
func ways(t *inventory.Table) (out []route.Delegate) {
	if t == nil || t.Terminating {
		return nil
	}
	for _, d := range t.Delegates {
		d.Selects, d.LooksInto = nil, nil
		out = append(out, d)
	}
	return out
}

func identities[F inventory.Fact](ids []inventory.ID, of []F) []inventory.ID {
	for _, f := range of {
		ids = append(ids, f.Identity())
	}
	return ids
}

// upstreamsOver are those that take the Service's endpoints.
func upstreamsOver(ctx context.Context, s *inventory.Service, facts inventory.Reader) (map[route.Ref]struct{}, error) {
	into, err := facts.UpstreamsInto(ctx, s.Namespace)
	out := map[route.Ref]struct{}{}
	for _, u := range into {
		if u.Service == s.Ref {
			out[u.Ref] = struct{}{}
		}
	}
	return out, err
}
