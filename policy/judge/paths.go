package judge

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// keys are those of paths, of the ones above them, and of regular expressions that may fit them.
func keys(paths []route.Path) []string {
	out := make([]string, 0, keysOfPath*len(paths))
	for _, p := range paths {
		if key := p.Key(); key != "" {
			out = append(append(out, key), p.Above()...)
			out = append(out, p.PatternKeys()...)
		}
		if p.Kind == route.Regex {
			begins := route.Path{Kind: route.Exact, Value: aboveText(p.Folded())}
			out = append(append(out, begins.Key()), begins.Above()...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keysOfPath is how many keys most paths have at most.
const keysOfPath = 6

// distinct are the paths, each once.
func distinct(paths iter.Seq[route.Path]) []route.Path {
	all := slices.SortedFunc(paths, func(a, b route.Path) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value))
	})
	return slices.Compact(all)
}

// paths are those that the table serves by itself.
func paths(t *fact.Table) iter.Seq[route.Path] {
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

// neighbours are the tables with which the table may have a conflict: those with one of its paths, or one above or
// beneath, or of which the text goes on.
func neighbours(ctx context.Context, t *fact.Table, facts fact.Reader) ([]*fact.Table, error) {
	if !t.Led && t.Entry == nil { // a list of destinations has no paths
		return nil, nil
	}
	others := func(o *fact.Table) bool { return o.ID != t.ID }
	out, err := facts.TablesAt(ctx, keys(distinct(paths(t))), 0, others)
	for p := range paths(t) {
		if err != nil {
			return nil, err
		}
		begins := []string{under(p)}
		if p.Kind != route.Exact { // which may take what only begins with its text
			begins = []string{keyOfText(p.Folded()), p.PatternsUnder()}
		}
		for _, text := range begins {
			beneath, failed := facts.TablesUnder(ctx, fact.Under{Begins: text}, 0, others)
			out, err = append(out, beneath...), cmp.Or(err, failed)
		}
	}
	return out, err
}

// taken are the paths of ends, with what they inherit.
func taken(ends []end) iter.Seq[route.Path] {
	return func(yield func(route.Path) bool) {
		for _, e := range ends {
			for _, m := range e.place.Matchers {
				if !yield(m.Path) {
					return
				}
			}
		}
	}
}

// aboveText is the key of the last whole segment that all paths with this beginning share: "/" of "/ech", "/a" of
// "/a/ech".
func aboveText(begins string) string {
	if i := strings.LastIndexByte(begins, '/'); i > 0 {
		return strings.ToLower(begins[:i])
	}
	return "/"
}

// under is what the keys of all paths begin with that lie beneath this one, which is no regular expression, by segment.
func under(p route.Path) string { return strings.TrimRight(p.Key(), "/") + "/" }

// keyOfText is what the keys of all paths begin with that begin with this text.
func keyOfText(begins string) string {
	if !strings.HasPrefix(begins, "/") {
		begins = "/" + begins
	}
	return strings.ToLower(begins)
}

// related reports whether a path that the other table has itself stands in a relation to the matcher's.
func (d *decision) related(m *route.Matcher, o *fact.Table) bool {
	for i := range o.Routes {
		if o.Routes[i].Delegates {
			continue
		}
		for _, theirs := range o.Routes[i].Alternatives() {
			if d.dialect.Semantics().Relate(*m, theirs) != route.Apart {
				return true
			}
		}
	}
	return false
}

// mayLift reports whether a route whose matcher m takes requests of a route of the other table is sorted before it for
// the sake of its other matchers. Weights, and what else there is to sort, are not looked at.
func (d *decision) mayLift(e end, m *route.Matcher, o *fact.Table) bool {
	for i := range o.Routes {
		theirs := o.Routes[i].Alternatives()
		takes := func(t route.Matcher) bool { return d.dialect.Semantics().Relate(*m, t) != route.Apart }
		if !o.Routes[i].Delegates && slices.ContainsFunc(theirs, takes) &&
			sortedFirst(e.way, e.place.Matchers, theirs) && !sortedFirst(e.way, []route.Matcher{*m}, theirs) {
			return true
		}
	}
	return false
}

// sortedFirst reports whether the dialect, where it sorts, puts a route with the one matchers before one with the
// others, or beside it.
func sortedFirst(way dialect.Way, mine, theirs []route.Matcher) bool {
	return way.Sorted([]route.Route{{Matchers: mine}, {Matchers: theirs}})[0] == 0
}
