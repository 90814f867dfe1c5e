package judge

import (
	"context"
	"math"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// table judges an object with routes. Of one that is too large nothing else is said.
func (d *decision) table(ctx context.Context, t *fact.Table) ([]policy.Finding, error) {
	doc := d.document()
	var err error
	if doc.Size, err = d.tableSize(ctx, t); err != nil {
		return nil, err
	}
	if doc.Size != nil {
		if found, refused, err := d.oversize(ctx, doc.Size); refused || err != nil {
			return found, err
		}
	}
	res := newResolver(d.kinds, d.after)
	routes := make([]input.Route, 0, len(t.Routes))
	for i := range t.Routes {
		routes = append(routes, describeRoute(ctx, res, d.dialect, &t.Routes[i]))
	}
	doc.Routes = &routes
	doc.Enums, doc.Choices = enums(t.Unparsable), choices(t.Choices)
	doc.CrossNamespace = d.crossNamespace(t, res)
	doc.Unserved = d.unserved(ctx, t, res)
	if doc.Unready, err = d.unready(ctx, t, res); err != nil {
		return nil, err
	}
	if doc.Absent, err = d.absent(ctx, t); err != nil {
		return nil, err
	}
	doc.ValidationSkipped = t.Unchecked
	if doc.Findings, err = d.records(ctx, t); err != nil {
		return nil, err
	}
	if doc.Change, err = d.tableChange(ctx); err != nil {
		return nil, err
	}
	if err := d.faults(ctx, doc, t, res); err != nil {
		return nil, err
	}
	if !t.Led {
		doc.Obstacles = d.rootObstacles(t)
		if doc.Conflicts, err = d.rootConflicts(ctx, t); err != nil {
			return nil, err
		}
		return d.engine.Evaluate(ctx, policy.SubjectRoutes, doc)
	}
	if err := d.led(ctx, doc, t); err != nil {
		return nil, err
	}
	return d.engine.Evaluate(ctx, policy.SubjectRoutes, doc)
}

// led adds what there is to say of a table to which parents lead: by what they select it, its place
// among the others, and which of its paths others have. While nothing hands on requests at all,
// there is nothing to be said of the latter two.
func (d *decision) led(ctx context.Context, doc *input.Document, t *fact.Table) error {
	parents, err := d.parents()
	if err != nil {
		return err
	}
	if doc.Obstacles, err = d.ledObstacles(ctx, t, parents); err != nil {
		return err
	}
	if doc.APIGroup, err = d.tableGroup(t, parents); err != nil {
		return err
	}
	if doc.Unaccepted, err = d.unaccepted(ctx, t); err != nil {
		return err
	}
	doc.Order = int(t.Order)
	if !d.delegated(doc, t, parents) {
		return nil
	}
	found, err := d.conflicts(ctx, t)
	doc.Conflicts = d.describeConflicts(found)
	d.leftOut(doc, t, parents)
	return err
}

// delegated adds whether a parent leads to the table, and what parents select where none does.
func (d *decision) delegated(doc *input.Document, t *fact.Table, parents dialect.Parents) bool {
	leads, known := parents.Lead(t)
	if known || leads {
		doc.Delegated = input.Bool(leads)
	}
	if known && !leads {
		wanted := parents.Wanted(t)
		wanted = wanted[:min(len(wanted), maxNamed)]
		doc.Selectors = &wanted
	}
	return leads
}

func describeRoute(ctx context.Context, res *resolver, in dialect.Dialect, r *route.Route) input.Route {
	out := input.Route{
		Field: r.Field, Weighted: r.Weighted, Split: r.Split(), Destinations: make([]input.Destination, len(r.Destinations)),
	}
	if r.Weighted {
		out.DestinationsField, out.Sum = r.DestinationsField, input.Some(sum(r.Destinations))
	}
	for i := range r.Destinations {
		d := &r.Destinations[i]
		s, receives := res.resolve(ctx, in, d), r.Receives(*d)
		s.receives = s.receives || receives
		out.Destinations[i] = input.Destination{Field: d.Field, Receives: receives, Target: &s.target}
		if !missing(d.Weight) {
			out.Destinations[i].Weight = input.Some(int(d.Weight.Value))
		}
	}
	return out
}

// missing reports whether no weight is written and the dialect takes none then: what it takes
// otherwise is one.
func missing(w route.Weight) bool { return !w.Written && w.Value == 0 }

// sum adds up the weights; -1 if one is missing, negative or too large, so that the sum doesn't
// overflow.
func sum(list []route.Destination) (total int) {
	for i := range list {
		w := list[i].Weight
		if missing(w) || w.Value < 0 || w.Value > math.MaxUint32 {
			return -1
		}
		total += int(w.Value)
	}
	return total
}

func enums(list []fact.Unparsable) []input.Enum {
	var out []input.Enum
	for _, u := range list {
		out = append(out, input.Enum{Field: u.Field, Value: u.Value, Names: u.Names, Meant: u.Meant})
	}
	return out
}

func choices(list []route.Choice) []input.Choice {
	var out []input.Choice
	for _, c := range list {
		out = append(out, input.Choice{Field: c.Field, Of: string(c.Of), Set: c.Set})
	}
	return out
}
