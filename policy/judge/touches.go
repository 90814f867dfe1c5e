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
	switch f := f.(type) {
	case *inventory.Workload:
		refs, err := j.upstreamsOf(ctx, f, facts)
		if err != nil {
			return nil, err
		}
		upstreams = refs
		if f.Version != nil {
			versions, err := facts.App(ctx, appOf(f.Version))
			if err != nil {
				return nil, err
			}
			for _, v := range versions {
				ids = append(ids, v.ID)
			}
		}
	case *inventory.Table:
		near, err := neighbours(ctx, f, facts)
		if err != nil {
			return nil, err
		}
		for _, t := range near {
			ids = append(ids, t.Identity())
		}
	case *inventory.Upstream:
		upstreams[f.Ref] = struct{}{}
	case *inventory.Service:
		into, err := facts.UpstreamsInto(ctx, f.Namespace)
		if err != nil {
			return nil, err
		}
		for _, u := range into {
			if u.Service == f.Ref {
				upstreams[u.Ref] = struct{}{}
			}
		}
	}
	for ref := range upstreams {
		tables, err := facts.TablesTo(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, t := range tables {
			ids = append(ids, t.Identity())
		}
	}
	return ids, nil
}
