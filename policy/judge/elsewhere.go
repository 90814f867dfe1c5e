package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// maxRests bounds how many matchers' rests are looked for by how many ways. Others are taken to be there.
const maxRests = 100

// elsewhere leaves out, of obstacles that a table meets by all ways, the header routes whose rest is routed by other
// objects: by other tables under the same root, or by the root itself. By each way there must be a rest.
func (d *decision) elsewhere(
	ctx context.Context, parents dialect.Parents, t *fact.Table, ways []dialect.Way, met []route.Obstacle,
) ([]route.Obstacle, error) {
	var out []route.Obstacle
	looked := 0
	for _, x := range met {
		keep := x.Kind != route.Lone && x.Kind != route.Absent && x.Kind != route.Unsure
		for n := 0; n < len(ways) && !keep && looked < maxRests; n++ {
			looked++
			kind, err := d.leftBeside(ctx, parents, newView(t, ways[n]), x)
			if err != nil {
				return nil, err
			}
			if keep = kind != ""; keep && kind != route.Unsure {
				x.Kind, x.By = kind, 0
			}
		}
		if keep {
			out = append(out, x)
		}
	}
	return out, nil
}

// leftBeside says what is left of a header route's rest with all routes of other objects that may take a part of it;
// empty if nothing is, or if the way does not lead to the route.
func (d *decision) leftBeside(
	ctx context.Context, parents dialect.Parents, v *view, x route.Obstacle,
) (route.ObstacleKind, error) {
	at := slices.Index(v.indexes, x.Route)
	if at < 0 {
		return "", ctx.Err()
	}
	m, s, all := v.written.Routes[at].Alternatives()[x.Matcher], d.dialect.Semantics(), v.written
	meets := func(e end) bool {
		return e.way.Root() == v.way.Root() &&
			slices.ContainsFunc(e.place.Matchers, func(f route.Matcher) bool { return f.Meets(s, m) })
	}
	root, err := d.after.Table(ctx, v.way.Root())
	if err != nil {
		return "", err
	}
	others := []*fact.Table{root}
	found, err := d.after.TablesAt(ctx, m.Path.RestKeys(), maxNear, func(o *fact.Table) bool {
		return o.ID != v.written.ID && !o.Terminating && d.kinds.Dialect(o.GroupKind).Name() == d.dialect.Name() &&
			ctx.Err() == nil && slices.ContainsFunc(d.ends(parents, o), meets)
	})
	if err = cmp.Or(err, ctx.Err()); err != nil || root == nil {
		return x.Kind, err
	}
	all.Routes = slices.Clone(all.Routes)
	for _, o := range append(others, found...) {
		for _, e := range d.ends(parents, o) {
			if meets(e) {
				r := o.Routes[e.place.Route]
				r.Matchers = e.place.Matchers
				all.Routes = append(all.Routes, r)
			}
		}
	}
	return all.Rest(s, at, x.Matcher, v.way.Asked()...), nil
}
