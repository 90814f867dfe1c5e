package toy

import (
	"context"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// parentLabel is under what a fact keeps the parent that a Path names.
const parentLabel = "toy.example/parent"

// Parents implements dialect.Dialect. A Path names its parent, so nothing has to be asked for.
func (Dialect) Parents(context.Context, fact.Reader) (dialect.Parents, error) { return parents{}, nil }

type parents struct{}

// Lead implements dialect.Parents.
func (parents) Lead(t *fact.Table) (leads, known bool) { return t.Labels[parentLabel] != "", true }

// Leaders implements dialect.Parents.
func (parents) Leaders(*fact.Table) []string { return nil }

// Direct implements dialect.Parents.
func (parents) Direct(_, _ *fact.Table) bool { return false }

// Named implements dialect.Parents.
func (parents) Named(*fact.Table) []dialect.Named { return nil }

// Naming implements dialect.Parents.
func (parents) Naming(*fact.Table) []route.ID { return nil }

// Ways implements dialect.Parents.
func (parents) Ways(t *fact.Table) []dialect.Way {
	root := route.ID{Ref: route.Ref{Name: t.Labels[parentLabel]}}
	root.Kind = "Parent"
	return []dialect.Way{way{root}}
}

// way hands on everything.
type way struct{ root route.ID }

func (w way) Root() route.ID                                     { return w.root }
func (way) Take(r *route.Route) ([]route.Matcher, *dialect.Drop) { return r.Alternatives(), nil }
func (way) Asked() []route.Header                                { return nil }
func (way) Mixed(context.Context) (*fact.Table, error)           { return nil, nil }
func (way) Through() []*fact.Table                               { return nil }
func (way) IdleMirror(*route.Route) (*route.Reference, route.ID) { return nil, route.ID{} }
func (way) Sorted(routes []route.Route) []int                    { return indexes(routes) }
func (way) Beside(dialect.Way) bool                              { return true }
func (way) Picks(*fact.Table) bool                               { return true }
func (way) Before(_ context.Context, m dialect.Place, _ dialect.Way, o dialect.Place) (bool, error) {
	return mostSpecific{}.First(
		route.Candidate{Index: m.Route, Matcher: &m.Matchers[0]}, route.Candidate{Index: o.Route, Matcher: &o.Matchers[0]},
	), nil
}

// Wanted implements dialect.Parents.
func (parents) Wanted(*fact.Table) []string { return nil }

// Under implements dialect.Parents.
func (parents) Under(context.Context, *fact.Table) ([]*fact.Table, error) { return nil, nil }

// Below implements dialect.Parents.
func (parents) Below(...*fact.Table) func(*fact.Table) bool {
	return func(*fact.Table) bool { return false }
}

// Rooted implements dialect.Parents.
func (parents) Rooted() bool { return true }

// Far implements dialect.Parents.
func (parents) Far(*fact.Table) bool { return false }

// Ring implements dialect.Parents.
func (parents) Ring(*fact.Table) ([]route.ID, bool) { return nil, false }

// indexes are those of routes as they stand: the toy sorts none.
func indexes(routes []route.Route) (out []int) {
	for i := range routes {
		out = append(out, i)
	}
	return out
}
