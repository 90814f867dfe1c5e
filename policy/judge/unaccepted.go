package judge

import (
	"context"
	"fmt"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// unaccepted describes the routes that every parent drops which requests come to the table by. Of a matcher without a
// path the obstacles tell.
func (d *decision) unaccepted(ctx context.Context, t *fact.Table) ([]input.Unaccepted, error) {
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	ways := d.waysTo(parents, t)
	if len(lasting(ways)) == 0 || parents.Far(t) { // one that is not followed may take them
		return nil, nil
	}
	var out []input.Unaccepted
	for i := range t.Routes {
		if len(out) == maxNamed || ctx.Err() != nil {
			return out, ctx.Err()
		}
		r := &t.Routes[i]
		drop := dropBy(ways, r)
		if drop == nil {
			continue
		}
		m := r.Alternatives()[drop.Matcher]
		if m.Path.Kind == route.NoPath {
			continue
		}
		if m.Path == (route.Path{Kind: route.Prefix}) {
			m.Path.Value = "the empty path"
		}
		out = append(out, input.Unaccepted{
			Field: matcherField(r, drop.Matcher), When: conditions(m), For: string(drop.For), Wants: drop.Wants, Fix: drop.Fix,
			By: fmt.Sprintf("%s (%s)", d.name(drop.Parent), drop.Field),
		})
	}
	return out, nil
}

// dropBy returns why the first parent drops the route; nil if one doesn't.
func dropBy(ways []dialect.Way, r *route.Route) *dialect.Drop {
	var first *dialect.Drop
	for _, way := range ways {
		_, drop := way.Take(r)
		if drop == nil {
			return nil
		}
		if first == nil {
			first = drop
		}
	}
	return first
}

// plannedUnaccepted describes which of the paths that the app's table will have no parent takes.
func (c *appChange) plannedUnaccepted(ctx context.Context) ([]input.Unaccepted, error) {
	var out []input.Unaccepted
	for _, app := range written(c.appAfter) {
		found, err := c.unaccepted(ctx, c.planned(app))
		if err != nil {
			return nil, err
		}
		for _, x := range found {
			x.Field = convention.Annotation(convention.KeyPaths)
			if !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out, nil
}
