package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// obstacles adds the routes of the table that get no requests, or leave some without an answer. While nothing leads to a
// RouteTable, those stay open that a parent may explain: it can hand its path down, or hand on only requests with a header.
func (j *Judge) obstacles(doc *policy.Object, t *inventory.Table, parents []*inventory.Table) {
	found, asked := t.Obstacles(), []route.Header(nil)
	if t.Kind == gloo.KindRouteTable && slices.ContainsFunc(found, func(x route.Obstacle) bool { return x.Kind == route.Lone }) {
		if asked = askedOf(parents, t); len(asked) > 0 {
			found = t.Obstacles(asked...)
		}
	}
	open := len(found) > 0 && t.Kind == gloo.KindRouteTable && !selected(parents, t)
	var out []*ast.Term
	for _, x := range found {
		r := &t.Routes[x.Route]
		if x.Kind == route.Pathless && t.Kind == gloo.KindRouteTable && r.InheritsPath == route.Unsaid && bequeathed(parents, t) {
			continue
		}
		o := j.build.Object()
		o.String("kind", string(x.Kind))
		o.String("label", aim(r))
		if x.Kind == route.Shadowed {
			by := &t.Routes[x.By]
			o.String("field", r.Field)
			o.String("by", by.Field)
			o.String("byLabel", aim(by))
			o.String("when", conditions(by.Alternatives()[0]))
			out = append(out, o.Done())
			continue
		}
		o.String("field", fmt.Sprintf("%s.matchers[%d]", r.Field, x.Matcher))
		o.String("when", conditions(r.Matchers[x.Matcher]))
		if open && (x.Kind == route.Lone || r.InheritsPath == route.Unsaid) {
			o.Bool("open", true)
		}
		if x.Kind == route.Lone {
			rest := r.Matchers[x.Matcher]
			rest.Headers = inBoth(rest.Headers, asked)
			o.String("rest", conditions(rest))
		}
		out = append(out, o.Done())
	}
	if len(out) > 0 {
		doc.Array("obstacles", out)
	}
}

// askedOf gives the headers that every delegation to the table asks for.
func askedOf(parents []*inventory.Table, t *inventory.Table) []route.Header {
	var all []route.Matcher
	for _, p := range parents {
		for i := range p.Delegates {
			if d := &p.Delegates[i]; p.Identity() != t.Identity() && d.Picks(t.Ref, t.Labels) {
				all = append(all, route.Route{Matchers: d.Matchers}.Alternatives()...)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	asked := all[0].Headers
	for _, m := range all[1:] {
		asked = inBoth(asked, m.Headers)
	}
	return asked
}

func inBoth(a, b []route.Header) []route.Header {
	return slices.DeleteFunc(slices.Clone(a), func(h route.Header) bool { return !slices.Contains(b, h) })
}

// bequeathed reports whether a parent hands its route's path down to the table. A parent that says nothing of it may have
// it from its own, so the first that says something counts.
func bequeathed(parents []*inventory.Table, t *inventory.Table) bool {
	return slices.ContainsFunc(trees(parents), func(tree tree) bool {
		return slices.ContainsFunc(tree.branches, func(d *route.Delegate) bool {
			return d.InheritsPath == route.Yes && d.Picks(t.Ref, t.Labels)
		})
	})
}

// aim names what a route does, for messages.
func aim(r *route.Route) string {
	switch {
	case r.Group != nil:
		return "upstream group " + r.Group.String()
	case r.Delegates:
		return "a delegation"
	case r.Action != "":
		action, _, _ := strings.Cut(r.Action, ":")
		return action
	case len(r.Destinations) == 0:
		return "nothing"
	}
	labels := make([]string, 0, len(r.Destinations))
	for _, d := range r.Destinations {
		switch name := label(d); {
		case name != "":
			labels = append(labels, name)
		case d.Other != nil && d.Other.Service.Name != "":
			labels = append(labels, "Service "+d.Other.Service.String())
		case d.Other != nil:
			labels = append(labels, d.Other.Kind)
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
