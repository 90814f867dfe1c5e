package judge

import (
	"context"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// rootsBehind adds the roots of which an own route may get nothing because of the table: they lead to it, and it takes
// all of the route's requests.
func (j *Judge) rootsBehind(
	ctx context.Context, ids []route.ID, t *fact.Table, facts fact.Reader,
) ([]route.ID, error) {
	if !t.Led {
		return ids, nil
	}
	in := j.kinds.Dialect(t.GroupKind)
	parents, err := in.Parents(ctx, facts)
	if err != nil {
		return nil, err
	}
	ways := parents.Ways(t)
	for _, way := range ways[:min(len(ways), maxFollowed)] {
		if slices.Contains(ids, way.Root()) {
			continue
		}
		root, err := facts.Table(ctx, way.Root())
		if err != nil {
			return nil, err
		}
		if root != nil && covers(in.Semantics(), way, t, root) {
			ids = append(ids, root.ID)
		}
	}
	return ids, nil
}

// covers reports whether a route of the table takes, this way, all requests of one of the root's own.
func covers(s route.Semantics, way dialect.Way, t, root *fact.Table) bool {
	var own []route.Matcher
	for i := range root.Routes {
		if !root.Routes[i].Delegates {
			own = append(own, root.Routes[i].Alternatives()...)
		}
	}
	if len(own) == 0 {
		return false
	}
	for i := range t.Routes {
		taken, drop := way.Take(&t.Routes[i])
		if drop != nil || t.Routes[i].Delegates {
			continue
		}
		for _, m := range taken {
			if slices.ContainsFunc(own, func(o route.Matcher) bool { return s.Covers(m, o) }) {
				return true
			}
		}
	}
	return false
}
