package judge

import (
	"context"

	"aviary.dev/inventory"
	"aviary.dev/route"
)

// Touches names the objects whose verdict a change of the fact may change: the object itself, the routes that reach it, the
// other versions of its app, and the RouteTables on whose paths it may have a claim. They are found by indexes, not by a
// search. What a VirtualService changes for the tables below it is left to the next pass over everything.
func (j *Judge) Touches(ctx context.Context, f inventory.Fact, facts inventory.Reader) ([]inventory.ID, error) {
	ids := []inventory.ID{f.Identity()}
	upstreams := map[route.Ref]struct{}{}
	var err error
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
