package judge

import (
	"context"

	"aviary.dev/dialect"
	"aviary.dev/route"
)

// relation is how a path of the table stands to one of another table.
type relation string

// The relations; rank says which of them matters more.
const (
	same      relation = "same"      // another namespace has the path
	takes     relation = "takes"     // it takes requests of another namespace's path, which is tried later
	lifted    relation = "lifted"    // takes, but only as its route's other matchers put it first
	beneath   relation = "beneath"   // it lies beneath another namespace's
	unreached relation = "unreached" // another table's path is tried first and takes all of its requests
	above     relation = "above"     // another namespace's lies beneath it, and asks for fewer methods
	within    relation = "within"    // another namespace's regular expression fits it, and is tried later
	answers   relation = "answers"   // a table of its own namespace has the path, and gets nothing
	silent    relation = "silent"    // a table of its own namespace has the path, and it gets nothing
	undecided relation = "undecided" // both are regular expressions
)

// rank says how much the relation matters; 0 if it is none.
func (r relation) rank() int {
	ranks := []relation{"", undecided, answers, within, beneath, unreached, silent, above, lifted, takes, same}
	for n, is := range ranks {
		if r == is {
			return n
		}
	}
	return 0
}

// pair is a matcher of two routes each: n of a, and k of b.
type pair struct {
	a end
	n int
	b end
	k int
}

// mayRelate reports whether relate may find a relation between matchers of two ends.
func (d *decision) mayRelate(a, b end) bool {
	for n, m := range a.place.Matchers {
		for k, o := range b.place.Matchers {
			p := pair{a, n, b, k}
			if d.mayBeUnreached(p) {
				return true
			}
			switch stands := d.dialect.Semantics().Relate(m, o); stands {
			case route.Apart:
			case route.Above, route.Begins:
				if !p.own() && (len(m.Methods) > len(o.Methods) || p.outweighs() || p.lifts()) {
					return true
				}
			case route.Same, route.Beneath, route.Fits, route.FitsBeneath, route.Fitted, route.Undecided:
				if stands == route.Same || !p.own() {
					return true
				}
			}
		}
	}
	return false
}

// own reports whether both tables are of one namespace.
func (p pair) own() bool { return p.a.table.Namespace == p.b.table.Namespace }

// relate says what it means for requests how a path of the table stands to one of another table under the same root.
// The order of the two routes and who owns them count, too.
func (d *decision) relate(ctx context.Context, p pair) (relation, error) {
	m, o := p.a.place.Matchers[p.n], p.b.place.Matchers[p.k]
	stands := d.dialect.Semantics().Relate(m, o)
	compatible := stands != route.Apart && m.Compatible(o)
	ahead := len(m.Methods) > len(o.Methods)
	switch own := p.own(); {
	case own && stands == route.Same && compatible:
		return d.relateOwn(ctx, p)
	case own || !compatible:
		return "", nil
	case stands == route.Same:
		return same, nil
	case stands == route.Beneath:
		return beneath, nil
	case stands == route.FitsBeneath:
		return d.ifBefore(ctx, beneath, p)
	case stands == route.Undecided:
		return d.relatePatterns(ctx, p)
	case ahead && (stands == route.Above || stands == route.Begins):
		return above, nil
	case stands == route.Fits, stands != route.Fitted && p.outweighs():
		return d.ifBefore(ctx, takes, p)
	case stands == route.Fitted:
		return d.ifBefore(ctx, within, p)
	case p.lifts():
		return d.ifLifted(ctx, p)
	}
	return "", nil
}

// relatePatterns says how a regular expression stands to another: that it takes all of its requests may be certain.
func (d *decision) relatePatterns(ctx context.Context, p pair) (relation, error) {
	mine, theirs := p.a.place.Matchers[p.n].Path, p.b.place.Matchers[p.k].Path
	if d.dialect.Semantics().Covers(route.Matcher{Path: mine}, route.Matcher{Path: theirs}) {
		if r, err := d.ifBefore(ctx, takes, p); r != "" || err != nil {
			return r, err
		}
	}
	return undecided, nil
}

// lifts reports whether the route has other matchers, by the most specific of which it may be sorted.
func (p pair) lifts() bool { return len(p.a.place.Matchers) > 1 }

// alone is the matcher in a route of its own.
func (p pair) alone() dialect.Place {
	return dialect.Place{Route: p.a.place.Route, Matchers: p.a.place.Matchers[p.n : p.n+1]}
}

// ifLifted is lifted where the matcher comes before the other's route only because of its own route's other matchers.
func (d *decision) ifLifted(ctx context.Context, p pair) (relation, error) {
	before, err := p.a.way.Before(ctx, p.a.place, p.b.way, p.b.place)
	if err != nil || !before {
		return "", err
	}
	if before, err = p.a.way.Before(ctx, p.alone(), p.b.way, p.b.place); err != nil || before {
		return "", err
	}
	return lifted, nil
}

// outweighs reports whether the table comes before the other by its weight. Else the parent's author has said which
// comes first.
func (p pair) outweighs() bool { return p.a.table.Order < p.b.table.Order && p.a.way.Beside(p.b.way) }

func (d *decision) ifBefore(ctx context.Context, r relation, p pair) (relation, error) {
	before, err := p.a.way.Before(ctx, p.a.place, p.b.way, p.b.place)
	if !before {
		r = ""
	}
	return r, err
}

// relateOwn says which of two tables of one namespace answers, where the other gets none of its requests.
func (d *decision) relateOwn(ctx context.Context, p pair) (relation, error) {
	m, o := p.a.place.Matchers[p.n], p.b.place.Matchers[p.k]
	covers := d.dialect.Semantics().Covers
	before, err := p.a.way.Before(ctx, p.a.place, p.b.way, p.b.place)
	switch {
	case err != nil:
		return "", err
	case before && covers(m, o):
		return answers, nil
	case !before && covers(o, m):
		return silent, nil
	}
	return "", nil
}
