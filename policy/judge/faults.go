package judge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// faults adds what may keep others' changes from going live.
func (d *decision) faults(ctx context.Context, doc *input.Document, t *fact.Table, res *resolver) (err error) {
	for _, f := range t.Faults {
		comes, err := d.comes(ctx, t, routeAt(t, f.Field), f.Path)
		if err != nil {
			return err
		}
		if comes == handedDown {
			continue
		}
		doc.Faults = append(doc.Faults, describeFault(&f, comes == dormant && f.Reach != fact.ReachKind))
	}
	if err = d.idleMirrors(doc, t); err != nil {
		return err
	}
	if doc.Ring, err = d.ring(t); err != nil {
		return err
	}
	if doc.SharedDomains, err = d.sharedDomains(ctx, t); err != nil {
		return err
	}
	if doc.SharedNames, err = d.sharedNames(ctx, t); err != nil {
		return err
	}
	doc.Missing, err = d.missing(ctx, t, res)
	return err
}

// idleMirrors adds the mirrors that routes have from a parent, and for which there is nothing to copy: of each route
// the first.
func (d *decision) idleMirrors(doc *input.Document, t *fact.Table) error {
	if !t.Led {
		return nil
	}
	parents, err := d.parents()
	if err != nil {
		return err
	}
	for i := 0; i < len(t.Routes) && len(doc.Faults) < fact.MaxFaults; i++ {
		r := &t.Routes[i]
		for _, w := range d.waysTo(parents, t) {
			mirror, parent := w.IdleMirror(r)
			if mirror == nil {
				continue
			}
			if _, drop := w.Take(r); drop == nil {
				why := fmt.Sprintf("of %s (%s)", d.name(parent), mirror.Field)
				f := fact.Fault{Kind: fact.IdleMirror, Reach: fact.ReachChecked, Field: r.Field, Why: why}
				doc.Faults = append(doc.Faults, describeFault(&f, false))
				break
			}
		}
	}
	return nil
}

func describeFault(f *fact.Fault, dormant bool) input.Fault {
	return input.Fault{
		Kind: string(f.Kind), Reach: string(f.Reach), Field: f.Field, Value: f.Value, Why: f.Why, Dormant: dormant,
	}
}

// routeAt returns the route that a field is in; nil for a field that is in none.
func routeAt(t *fact.Table, field string) *route.Route {
	for i := range t.Routes {
		r := &t.Routes[i]
		if rest, in := strings.CutPrefix(field, r.Field); in && (rest == "" || rest[0] == '.') {
			return r
		}
	}
	return nil
}

// coming is whether requests come to a place in a route.
type coming uint8

const (
	awake coming = iota
	// dormant: none come to the route.
	dormant
	// handedDown: the place is in the path, and all requests come by a parent's.
	handedDown
)

// comes reports whether requests come to a route; where it is about its path, by that one. What comes in at a root
// comes to all of its routes, and to those that nobody knows the roots of, or not all ways to, requests may come, too.
func (d *decision) comes(ctx context.Context, t *fact.Table, r *route.Route, path bool) (coming, error) {
	switch {
	case t.Entry != nil || r == nil:
		return awake, nil
	case !t.Led:
		users, err := d.after.TablesTo(ctx, t.ID)
		if len(users) == 0 {
			return dormant, err
		}
		return awake, err
	case path && r.InheritsPath == route.Yes:
		return handedDown, nil
	}
	parents, err := d.parents()
	if err != nil || !parents.Rooted() || parents.Far(t) {
		return awake, err
	}
	out := dormant
	for _, way := range d.waysTo(parents, t) {
		taken, dropped := way.Take(r)
		switch {
		case dropped != nil:
		case path && !slices.ContainsFunc(taken, func(m route.Matcher) bool { return has(r, m.Path) }):
			out = handedDown
		default:
			return awake, nil
		}
	}
	return out, nil
}

func has(r *route.Route, path route.Path) bool {
	return slices.ContainsFunc(r.Matchers, func(m route.Matcher) bool { return m.Path == path })
}

// ring describes the ring of tables that the table is in.
func (d *decision) ring(t *fact.Table) (*input.Ring, error) {
	if !t.Led || t.Parent == nil {
		return nil, nil
	}
	parents, err := d.parents()
	if err != nil {
		return nil, err
	}
	tables, reached := parents.Ring(t)
	if len(tables) == 0 {
		return nil, nil
	}
	out := &input.Ring{Field: strings.TrimSuffix(t.Routes[0].Field, "[0]"), Dormant: !reached}
	for _, id := range tables[:min(len(tables), maxNamed)] {
		out.Tables = append(out.Tables, id.Ref.String())
	}
	return out, nil
}
