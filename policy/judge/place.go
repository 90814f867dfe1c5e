package judge

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// maxNamed bounds how many parents or other tables are named.
const maxNamed = 20

// place adds who leads to a RouteTable, its order among the others, and which of its paths others have. While nothing
// delegates at all, there is nothing to be said of it.
func (j *Judge) place(ctx context.Context, doc *policy.Object, t *inventory.Table, parents []*inventory.Table, facts inventory.Reader) error {
	if t.Order != 0 {
		doc.Int("order", int(t.Order))
	}
	others := 0
	for _, p := range parents {
		if p.Identity() != t.Identity() {
			others++
			if selected([]*inventory.Table{p}, t) {
				doc.Bool("delegated", true)
				found, err := claims(ctx, t, parents, facts)
				j.claims(doc, found)
				return err
			}
		}
	}
	if others > 0 {
		doc.Bool("delegated", false)
		doc.Strings("selectors", selectors(parents, t))
	}
	return nil
}

// selectors are what parents select in the table's namespace, in words, sorted.
func selectors(parents []*inventory.Table, t *inventory.Table) []string {
	out := []string{}
	for _, p := range parents {
		for _, d := range p.Delegates {
			if d.LooksInto != nil && d.LooksInto(t.Ref.Namespace) && p.Identity() != t.Identity() {
				out = append(out, fmt.Sprintf("%s %s selects %s", p.Kind, p.Ref, d.Wants))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)[:min(len(out), maxNamed)]
}

// claim is a path that the table of another namespace has as well, or has one above or beneath.
type claim struct {
	field, relation string // relation: same, beneath (the other's), above (the other's)
	mine, theirs    route.Matcher
	at              string // the other's route
	other, root     *inventory.Table
}

// claims finds them. Mostly no other table is near, so the delegations are followed only once one is.
func claims(ctx context.Context, t *inventory.Table, parents []*inventory.Table, facts inventory.Reader) ([]claim, error) {
	var found []claim
	above := sync.OnceValue(func() []tree {
		return slices.DeleteFunc(trees(parents), func(x tree) bool { return !x.leadsTo(t) })
	})
	near := func(o *inventory.Table) bool {
		if o.Ref.Namespace == t.Ref.Namespace || o.Terminating || selected([]*inventory.Table{o}, t) {
			return false // who hands requests on to the table lets it have them
		}
		return len(meet(above(), t, o)) > 0
	}
	tables, err := facts.TablesAt(ctx, keys(t), near)
	if err != nil {
		return nil, err
	}
	for _, key := range withMethods(t) {
		under, err := facts.TablesUnder(ctx, key, near)
		if err != nil {
			return nil, err
		}
		tables = append(tables, under...)
	}
	slices.SortFunc(tables, func(a, b *inventory.Table) int { return cmp.Compare(a.Ref.String(), b.Ref.String()) })
	tables = slices.CompactFunc(tables, func(a, b *inventory.Table) bool { return a.Ref == b.Ref })
	for _, o := range tables {
		found = append(found, meet(above(), t, o)...)
	}
	return found, nil
}

func (j *Judge) claims(doc *policy.Object, found []claim) {
	if len(found) == 0 {
		return
	}
	out := make([]*ast.Term, 0, min(len(found), maxNamed))
	for _, c := range found[:min(len(found), maxNamed)] {
		out = append(out, j.claim(c))
	}
	doc.Array("claims", out)
}

func (j *Judge) claim(c claim) *ast.Term {
	o := j.build.Object()
	o.String("field", c.field)
	o.String("relation", c.relation)
	o.String("path", c.mine.Path.String())
	o.String("theirs", c.theirs.Path.String())
	o.Bool("compatible", c.mine.Compatible(c.theirs))
	o.Bool("ahead", len(c.mine.Methods) > len(c.theirs.Methods))
	o.Strings("methods", c.mine.Methods)
	o.String("table", fmt.Sprintf("%s (%s)", c.other.Ref, c.at))
	o.String("under", fmt.Sprintf("%s %s", c.root.Kind, c.root.Ref))
	return o.Done()
}

// keys are those of the table's paths and of the ones above them.
func keys(t *inventory.Table) []string {
	out := make([]string, 0, 2*len(t.Routes))
	for p := range paths(t) {
		out = append(append(out, p.Key()), p.Above()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// paths are those that the table serves by itself.
func paths(t *inventory.Table) iter.Seq[route.Path] {
	return func(yield func(route.Path) bool) {
		for i := range t.Routes {
			if t.Routes[i].Delegates {
				continue
			}
			for _, m := range t.Routes[i].Alternatives() {
				if m.Path.Key() != "" && !yield(m.Path) {
					return
				}
			}
		}
	}
}

// neighbours are the RouteTables of other namespaces on whose paths the table may have a claim: those with one of its
// paths, or one above or beneath.
func neighbours(ctx context.Context, t *inventory.Table, facts inventory.Reader) ([]*inventory.Table, error) {
	elsewhere := func(o *inventory.Table) bool { return o.Ref.Namespace != t.Ref.Namespace }
	out, err := facts.TablesAt(ctx, keys(t), elsewhere)
	for p := range paths(t) {
		if err != nil {
			return nil, err
		}
		var beneath []*inventory.Table
		beneath, err = facts.TablesUnder(ctx, p.Key(), elsewhere)
		out = append(out, beneath...)
	}
	return out, err
}

// withMethods are the keys of the prefixes that ask for methods, which Gloo sorts before all that ask for fewer.
func withMethods(t *inventory.Table) []string {
	var out []string
	for i := range t.Routes {
		for _, m := range t.Routes[i].Matchers {
			if len(m.Methods) > 0 && m.Path.Kind == route.Prefix && !t.Routes[i].Delegates {
				out = append(out, m.Path.Key())
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// meet gives the claims that the other table has on t's paths: one for each of t's matchers, the closest.
func meet(all []tree, t, o *inventory.Table) []claim {
	var out []claim
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Delegates {
			continue
		}
		for n, m := range r.Alternatives() {
			c := closest(all, t, o, *r, m)
			if c == nil {
				continue
			}
			if c.field = r.Field; len(r.Matchers) > 0 {
				c.field = fmt.Sprintf("%s.matchers[%d]", r.Field, n)
			}
			out = append(out, *c)
		}
	}
	return out
}

func closest(all []tree, t, o *inventory.Table, r route.Route, m route.Matcher) *claim {
	var best *claim
	top := 0
	for i := range o.Routes {
		their := &o.Routes[i]
		if their.Delegates {
			continue
		}
		for _, om := range their.Alternatives() {
			relation, rank := relate(m, om)
			if rank <= top {
				continue
			}
			if root := common(all, t, r, m, o, *their, om); root != nil {
				top = rank
				best = &claim{relation: relation, mine: m, theirs: om, at: their.Field, other: o, root: root}
			}
		}
	}
	return best
}

// relate tells how m's path stands to o's, and how much that matters; 0 if nothing is to be said of it. A path with
// methods counts even where the other's methods are different ones.
func relate(m, o route.Matcher) (relation string, rank int) {
	compatible := m.Compatible(o)
	switch {
	case compatible && m.SamePath(o):
		return "same", 4
	case compatible && m.Beneath(o):
		return "beneath", 3
	case compatible && len(m.Methods) > len(o.Methods) && o.Under(m):
		return "above", 2
	case len(m.Methods) > 0 && m.SamePath(o):
		return "same", 1
	}
	return "", 0
}

// common gives the VirtualService under which requests may come to both.
func common(all []tree, t *inventory.Table, r route.Route, m route.Matcher, o *inventory.Table, or route.Route, om route.Matcher) *inventory.Table {
	for _, tree := range all {
		if tree.reaches(t, r, m) && tree.reaches(o, or, om) {
			return tree.root
		}
	}
	return nil
}
