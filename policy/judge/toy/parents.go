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

// Direct implements dialect.Parents.
func (parents) Direct(_, _ *fact.Table) bool { return false }

// Ways implements dialect.Parents.
func (parents) Ways(t *fact.Table) []dialect.Way {
	root := route.ID{Ref: route.Ref{Name: t.Labels[parentLabel]}}
	root.Kind = "Parent"
	return []dialect.Way{{Root: root, Admits: func(route.Route, route.Matcher) bool { return true }}}
}

// Wanted implements dialect.Parents.
func (parents) Wanted(*fact.Table) []string { return nil }

// Asked implements dialect.Parents.
func (parents) Asked(*fact.Table) []route.Header { return nil }

// HandsPath implements dialect.Parents.
func (parents) HandsPath(*fact.Table) bool { return false }

// Below implements dialect.Parents.
func (parents) Below(*fact.Table) func(*fact.Table) bool {
	return func(*fact.Table) bool { return false }
}
