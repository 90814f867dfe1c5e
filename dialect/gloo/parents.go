package gloo

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Parents implements dialect.Dialect.
func (Dialect) Parents(ctx context.Context, facts fact.Reader) (dialect.Parents, error) {
	all, err := facts.Parents(ctx)
	if err != nil {
		return nil, err
	}
	return newParents(slices.DeleteFunc(slices.Clone(all), func(t *fact.Table) bool { return len(of(t)) == 0 })), nil
}

// of returns a table's delegations; none if it belongs to another dialect.
func of(t *fact.Table) delegations {
	d, _ := t.Parent.(delegations)
	return d
}

// parents are the objects that delegate.
type parents struct {
	all   []*fact.Table
	trees func() []tree
}

func newParents(all []*fact.Table) *parents {
	return &parents{all: all, trees: sync.OnceValue(func() []tree { return trees(all) })}
}

// Lead implements dialect.Parents.
func (p *parents) Lead(t *fact.Table) (leads, known bool) {
	for _, from := range p.all {
		if from.ID == t.ID {
			continue
		}
		known = true
		if p.Direct(from, t) {
			return true, true
		}
	}
	return false, known
}

// Direct implements dialect.Parents.
func (p *parents) Direct(from, to *fact.Table) bool {
	for i, all := 0, of(from); i < len(all); i++ {
		if all[i].picks(to) {
			return true
		}
	}
	return false
}

// Ways implements dialect.Parents.
func (p *parents) Ways(t *fact.Table) []dialect.Way {
	var out []dialect.Way
	for _, tree := range p.trees() {
		if by := tree.leading(t); len(by) > 0 {
			out = append(out, dialect.Way{Root: tree.root.ID, Admits: func(r route.Route, m route.Matcher) bool {
				return slices.ContainsFunc(by, func(d *delegation) bool { return d.admits(r, m) })
			}})
		}
	}
	return out
}

// maxWanted bounds how many selectors are named.
const maxWanted = 20

// Wanted implements dialect.Parents.
func (p *parents) Wanted(t *fact.Table) []string {
	out := []string{}
	for _, from := range p.all {
		for _, d := range of(from) {
			if d.looksInto(t.Ref.Namespace) && from.ID != t.ID {
				out = append(out, fmt.Sprintf("%s selects %s", from.ID, d.selector.words(d.namespace)))
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxWanted)]
}

// Asked implements dialect.Parents.
func (p *parents) Asked(t *fact.Table) []route.Header {
	var all []route.Matcher
	for _, from := range p.all {
		for i, list := 0, of(from); i < len(list); i++ {
			if d := &list[i]; from.ID != t.ID && d.picks(t) {
				all = append(all, d.alternatives()...)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	asked := slices.Clone(all[0].Headers)
	for _, m := range all[1:] {
		asked = slices.DeleteFunc(asked, func(h route.Header) bool { return !slices.Contains(m.Headers, h) })
	}
	return asked
}

// HandsPath implements dialect.Parents. A parent that says nothing of it may have it from its own,
// so the first that says something counts.
func (p *parents) HandsPath(t *fact.Table) bool {
	return slices.ContainsFunc(p.trees(), func(tree tree) bool {
		return slices.ContainsFunc(tree.leading(t), func(d *delegation) bool { return d.inheritsPath == route.Yes })
	})
}

// Below implements dialect.Parents.
func (p *parents) Below(t *fact.Table) func(*fact.Table) bool {
	below := follow(t, p.all)
	return func(o *fact.Table) bool { return len(below.leading(o)) > 0 }
}
