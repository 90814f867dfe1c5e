package judge

import (
	"fmt"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// ledObstacles describes the obstacles of a table to which parents lead. While none does, those
// stay open that one may explain: it can hand its path down, or hand on only requests with a
// header.
func (d *decision) ledObstacles(t *fact.Table, parents dialect.Parents) []input.Obstacle {
	found, asked := t.Obstacles(d.dialect.Semantics()), []route.Header(nil)
	if len(found) == 0 {
		return nil
	}
	if slices.ContainsFunc(found, func(x route.Obstacle) bool { return x.Kind == route.Lone }) {
		if asked = parents.Asked(t); len(asked) > 0 {
			found = t.Obstacles(d.dialect.Semantics(), asked...)
		}
	}
	found = slices.DeleteFunc(found, func(x route.Obstacle) bool {
		return x.Kind == route.Pathless && t.Routes[x.Route].InheritsPath == route.Unsaid && parents.HandsPath(t)
	})
	out := d.describeObstacles(t, found, asked)
	if leads, _ := parents.Lead(t); !leads {
		for i, x := range found {
			out[i].Open = x.Kind == route.Lone || x.Kind == route.Pathless && t.Routes[x.Route].InheritsPath == route.Unsaid
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
		if x.Kind == route.Shadowed {
			by := &t.Routes[x.By]
			o.Field, o.By, o.ByLabel = r.Field, by.Field, d.describeAction(by)
			o.When = conditions(by.Alternatives()[0])
			out = append(out, o)
			continue
		}
		o.Field = matcherField(r, x.Matcher)
		o.When = conditions(r.Matchers[x.Matcher])
		if x.Kind == route.Lone {
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
	out := strings.Join(append(slices.Clone(m.Methods), m.Path.String()), " ")
	var asked []string
	for _, h := range m.Headers {
		asked = append(asked, condition(h))
	}
	for _, q := range m.Query {
		asked = append(asked, "?"+condition(q))
	}
	if len(asked) > 0 {
		out = strings.TrimSpace(out + " with " + strings.Join(asked, ", "))
	}
	if out == "" {
		return "every request"
	}
	return out
}

func condition(h route.Header) string {
	out := h.Name
	if h.Value != "" {
		out += "=" + h.Value
	}
	if h.Invert {
		out = "no " + out
	}
	return out
}
