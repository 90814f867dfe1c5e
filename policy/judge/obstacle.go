package judge

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// ledObstacles describes the obstacles of a table to which parents lead: those that every way of requests meets. While
// there is none, those stay open that a parent may explain: it can hand its path down, or hand on only requests with a
// header.
func (d *decision) ledObstacles(ctx context.Context, t *fact.Table, parents dialect.Parents) ([]input.Obstacle, error) {
	ways, semantics := d.waysTo(parents, t), d.dialect.Semantics()
	if len(ways) == 0 {
		found := t.Obstacles(semantics)
		out := d.describeObstacles(t, found, nil)
		for i, x := range found {
			out[i].Open = x.Kind == route.Lone || x.Kind == route.Unsure ||
				x.Kind == route.Pathless && t.Routes[x.Route].InheritsPath == route.Unsaid
		}
		return out, nil
	}
	var met []route.Obstacle
	var asked []route.Header
	var beside *fact.Table
	for i, way := range ways {
		v := newView(t, way)
		here, err := v.obstacles(ctx, semantics)
		if err != nil || ctx.Err() != nil {
			return nil, cmp.Or(err, ctx.Err())
		}
		if v.beside != nil {
			beside = v.beside
		}
		if i == 0 {
			met, asked = here, way.Asked()
			continue
		}
		met = slices.DeleteFunc(met, func(x route.Obstacle) bool { return !slices.Contains(here, x) })
	}
	met, err := d.elsewhere(ctx, parents, t, ways, unless(met))
	if err != nil {
		return nil, err
	}
	met = slices.Concat(pathless(ctx, t, ways, semantics), overwritten(ctx, t, ways), met)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	out := d.describeObstacles(t, met, asked)
	for i, x := range met {
		if x.Kind == route.Hanging || x.Kind == route.Overtaken || x.Kind == route.Outsorted {
			out[i].Beside = d.name(beside.ID)
		}
		if x.Kind == route.Overwritten {
			taken, _ := ways[0].Take(&t.Routes[x.Route])
			out[i].Rest, out[i].Open = conditions(taken[x.Matcher]), t.Routes[x.Route].InheritsPath != route.Yes
		}
	}
	return out, nil
}

// rootObstacles describes those of an object to which nothing leads. Of a route that delegates, a matcher without a
// path is the one that every request fits, whatever else it asks for. Another one without is no obstacle of this route
// only: it holds up all routes.
func (d *decision) rootObstacles(t *fact.Table) []input.Obstacle {
	var found []route.Obstacle
	for _, x := range t.Obstacles(d.dialect.Semantics()) {
		if x.Kind == route.Pathless {
			r := &t.Routes[x.Route]
			if m := &r.Matchers[x.Matcher]; !r.Delegates || len(m.Headers)+len(m.Query)+len(m.Methods) == 0 {
				continue
			}
			x.Kind = route.Forgetful
		}
		found = append(found, x)
	}
	return d.describeObstacles(t, found, nil)
}

// unless leaves out what sorting does to a route that gets nothing at all.
func unless(found []route.Obstacle) []route.Obstacle {
	return slices.DeleteFunc(slices.Clone(found), func(x route.Obstacle) bool {
		return !gone(x) && slices.ContainsFunc(found, func(s route.Obstacle) bool { return gone(s) && s.Route == x.Route })
	})
}

// gone reports whether the route gets nothing.
func gone(x route.Obstacle) bool { return x.Kind == route.Shadowed || x.Kind == route.Outsorted }

// overwritten are the matchers whose path no parent serves, because each gives them its own.
func overwritten(ctx context.Context, t *fact.Table, ways []dialect.Way) (out []route.Obstacle) {
	for i := range t.Routes {
		if ctx.Err() != nil {
			break
		}
		for n, m := range t.Routes[i].Matchers {
			keeps := func(way dialect.Way) bool {
				taken, drop := way.Take(&t.Routes[i])
				return drop != nil || taken[n].Path == m.Path
			}
			if m.Path.Kind != route.NoPath && !slices.ContainsFunc(ways, keeps) {
				out = append(out, route.Obstacle{Kind: route.Overwritten, Route: i, Matcher: n})
			}
		}
	}
	return out
}

// pathless are the routes that every parent drops because a matcher of theirs has no path.
func pathless(ctx context.Context, t *fact.Table, ways []dialect.Way, s route.Semantics) (out []route.Obstacle) {
	if !s.NeedsPath() {
		return nil
	}
	for i := range t.Routes {
		if ctx.Err() != nil {
			break
		}
		r := &t.Routes[i]
		if drop := dropBy(ways, r); drop != nil && r.Alternatives()[drop.Matcher].Path.Kind == route.NoPath {
			out = append(out, route.Obstacle{Kind: route.Pathless, Route: i, Matcher: drop.Matcher})
		}
	}
	return out
}

// describeObstacles describes the routes of the table that get no requests, or leave some without
// an answer. Asked are the headers without which no request comes to it.
func (d *decision) describeObstacles(t *fact.Table, found []route.Obstacle, asked []route.Header) []input.Obstacle {
	var out []input.Obstacle
	for _, x := range found {
		r := &t.Routes[x.Route]
		o := input.Obstacle{Kind: string(x.Kind), Label: d.describeAction(r)}
		if x.ByAnother() {
			by := &t.Routes[x.By]
			o.Field, o.By, o.ByLabel = r.Field, by.Field, d.describeAction(by)
			o.When = conditions(by.Alternatives()[0])
			out = append(out, o)
			continue
		}
		o.Field = matcherField(r, x.Matcher)
		o.When = conditions(r.Matchers[x.Matcher])
		if x.Kind == route.Lone || x.Kind == route.Absent {
			rest := r.Matchers[x.Matcher]
			rest.Headers = slices.DeleteFunc(slices.Clone(rest.Headers), func(h route.Header) bool {
				return !slices.Contains(asked, h)
			})
			o.Rest = conditions(rest)
		}
		out = append(out, o)
	}
	return out
}

// matcherField is the path of one of the route's matchers; that of the route where it has none.
func matcherField(r *route.Route, matcher int) string {
	if len(r.Matchers) == 0 {
		return r.Field
	}
	return fmt.Sprintf("%s.matchers[%d]", r.Field, matcher)
}

// describeAction says what a route does with requests, for messages.
func (d *decision) describeAction(r *route.Route) string {
	switch {
	case r.Group != nil:
		return d.name(r.Group.ID)
	case r.Delegates:
		return "a delegation"
	case r.Action != "":
		action, _, _ := strings.Cut(r.Action, ":")
		return action
	case len(r.Destinations) == 0:
		return "nothing"
	}
	labels := make([]string, 0, len(r.Destinations))
	for i := range r.Destinations {
		switch b := r.Destinations[i].Backend; {
		case b.Known() && b.GroupKind == fact.ServiceKind && len(b.Labels) == 0:
			labels = append(labels, d.name(b.ID))
		case label(b) != "":
			labels = append(labels, label(b))
		case b != nil:
			labels = append(labels, b.Opaque)
		}
	}
	return strings.Join(labels, ", ")
}

// conditions are a matcher's, for messages: "GET /echo with stage=canary".
func conditions(m route.Matcher) string {
	path := m.Path.String()
	if m.Path.Kind == route.Connect {
		path = "CONNECT"
	}
	out := strings.Join(append(slices.Clone(m.Methods), path), " ")
	var asked []string
	for _, h := range m.Headers {
		asked = append(asked, h.String())
	}
	for _, q := range m.Query {
		asked = append(asked, "?"+q.String())
	}
	if len(asked) > 0 {
		out = strings.TrimSpace(out + " with " + strings.Join(asked, ", "))
	}
	if out == "" {
		return "every request"
	}
	return out
}
