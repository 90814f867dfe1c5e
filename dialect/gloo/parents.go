package gloo

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Parents implements dialect.Dialect.
func (Dialect) Parents(ctx context.Context, facts fact.Reader) (dialect.Parents, error) {
	if made, kept := facts.OfParents(Dialect{}, ordered); kept {
		known := made.(*pickers)
		p := newParents(known.all, facts)
		p.known = known
		return p, nil
	}
	all, err := facts.Parents(ctx)
	if err != nil {
		return nil, err
	}
	return newParents(delegating(all), facts), nil
}

// ordered puts in order what all parents ask for.
func ordered(all []*fact.Table) any { return newPickers(delegating(all)) }

// delegating leaves out the parents of other dialects. The others are sorted, so that of several the same one is always
// named.
func delegating(all []*fact.Table) []*fact.Table {
	all = slices.DeleteFunc(slices.Clone(all), func(t *fact.Table) bool { return len(of(t)) == 0 })
	slices.SortFunc(all, func(a, b *fact.Table) int { return cmp.Or(byName(a, b), cmp.Compare(a.Kind, b.Kind)) })
	return all
}

// of returns a table's delegations; none if it belongs to another dialect.
func of(t *fact.Table) delegations {
	d, _ := t.Parent.(delegations)
	return d
}

// parents are the objects that delegate.
type parents struct {
	all   []*fact.Table
	facts fact.Reader
	// ways are those that have been asked for.
	ways map[*fact.Table][]*way
	// far are those that have more ways, or more above them, than are followed.
	far map[*fact.Table]bool
	// climbed are the last table about which it was asked, and what leads to it; cut, that some of it is left out.
	climbed []*node
	cut     bool
	// known are the routes that delegate, once scanned, which counts the tables that were asked about, is large.
	known   *pickers
	scanned int
}

func newParents(all []*fact.Table, facts fact.Reader) *parents {
	return &parents{all: all, facts: facts, ways: map[*fact.Table][]*way{}, far: map[*fact.Table]bool{}}
}

// Lead implements dialect.Parents.
func (p *parents) Lead(t *fact.Table) (leads, known bool) {
	leads = slices.ContainsFunc(p.pick(t), func(by picker) bool { return by.from.ID != t.ID })
	return leads, slices.ContainsFunc(p.all, func(from *fact.Table) bool { return from.ID != t.ID })
}

// Leaders implements dialect.Parents.
func (p *parents) Leaders(t *fact.Table) (out []string) {
	for _, by := range p.pick(t) {
		if by.from.ID != t.ID {
			out = append(out, by.from.Namespace)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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

// Named implements dialect.Parents.
func (p *parents) Named(t *fact.Table) (out []dialect.Named) {
	for _, d := range of(t) {
		if d.to != nil {
			id := route.ID{GroupKind: RouteTableKind.GroupKind(), Ref: *d.to}
			out = append(out, dialect.Named{Field: t.Routes[d.index].Field + ".delegateAction", ID: id})
		}
	}
	return out
}

// Ways implements dialect.Parents.
func (p *parents) Ways(t *fact.Table) []dialect.Way {
	if t.GroupKind == VirtualServiceKind.GroupKind() {
		return []dialect.Way{wayTo{parents: p, table: t}}
	}
	var out []dialect.Way
	for _, w := range p.to(t) {
		out = append(out, wayTo{way: w, parents: p, table: t})
	}
	return out
}

// Far implements dialect.Parents.
func (p *parents) Far(t *fact.Table) bool {
	p.to(t)
	return p.far[t]
}

// maxWanted bounds how many selectors are named, and maxAsked how many are looked at for them.
const maxWanted, maxAsked = 20, 10_000

// Wanted implements dialect.Parents. Roots come first: what tables say that nobody leads to hides none of theirs.
func (p *parents) Wanted(t *fact.Table) []string {
	out, asked := []string{}, 0
	for _, led := range []bool{false, true} {
		for _, from := range p.all {
			if from.Led != led || from.ID == t.ID {
				continue
			}
			var last *RouteTableSelector // which neighbours share
			for i, all := 0, of(from); i < len(all); i++ {
				if asked++; asked > maxAsked || len(out) == maxWanted {
					return slices.Sorted(slices.Values(out))
				}
				if all[i].selector == last || !all[i].looksInto(t.Ref.Namespace) {
					continue
				}
				last = all[i].selector
				if text := fmt.Sprintf("%s selects %s", from.ID, last.words(all[i].namespace)); !slices.Contains(out, text) {
					out = append(out, text)
				}
			}
		}
	}
	return slices.Sorted(slices.Values(out))
}

// Naming implements dialect.Parents.
func (p *parents) Naming(t *fact.Table) (out []route.ID) {
	for _, by := range p.pick(t) {
		if by.delegation().to != nil && !slices.Contains(out, by.from.ID) {
			out = append(out, by.from.ID)
		}
	}
	return out
}

// Under implements dialect.Parents.
func (p *parents) Under(ctx context.Context, t *fact.Table) ([]*fact.Table, error) {
	var out []*fact.Table
	seen := map[route.ID]struct{}{t.ID: {}}
	for n, at := 0, t; ; n++ {
		for i, all := 0, of(at); i < len(all); i++ {
			picked, err := p.picked(ctx, &all[i])
			if err != nil || ctx.Err() != nil {
				return nil, cmp.Or(err, ctx.Err())
			}
			for _, o := range picked {
				if _, known := seen[o.ID]; !known {
					seen[o.ID] = struct{}{}
					out = append(out, o)
				}
			}
		}
		if n == len(out) {
			return out, nil
		}
		at = out[n]
	}
}

// Below implements dialect.Parents.
func (p *parents) Below(tables ...*fact.Table) func(*fact.Table) bool {
	all := slices.Clip(p.all)
	for _, t := range tables { // as it was before
		if !slices.Contains(p.all, t) {
			all = append(all, t)
		}
	}
	if len(all) > len(p.all) {
		p = newParents(all, p.facts)
	}
	below := p.below(tables)
	return func(o *fact.Table) bool {
		return slices.ContainsFunc(p.pick(o), func(by picker) bool { _, ok := below[by.from]; return ok })
	}
}

// below are the parents that tables lead to, whatever Gloo makes of their routes, and themselves.
func (p *parents) below(tables []*fact.Table) map[*fact.Table]struct{} {
	to := map[*fact.Table][]*fact.Table{}
	for _, o := range p.all {
		for _, by := range p.pick(o) {
			if own := to[by.from]; len(own) == 0 || own[len(own)-1] != o { // which many of its routes may lead to
				to[by.from] = append(own, o)
			}
		}
	}
	out := make(map[*fact.Table]struct{}, len(tables))
	for _, t := range tables {
		out[t] = struct{}{}
	}
	for next := slices.Clone(tables); len(next) > 0; next = next[1:] {
		for _, o := range to[next[0]] {
			if _, ok := out[o]; !ok {
				out[o] = struct{}{}
				next = append(next, o)
			}
		}
	}
	return out
}
