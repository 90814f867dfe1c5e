package judge

import (
	"context"
	"iter"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// keys are those of the table's paths and of the ones above them.
func keys(t *fact.Table) []string {
	out := make([]string, 0, 2*len(t.Routes))
	for p := range paths(t) {
		out = append(append(out, p.Key()), p.Above()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
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

// neighbours are the tables of other namespaces with which the table may have a conflict: those
// with one of its paths, or one above or beneath.
func neighbours(ctx context.Context, t *fact.Table, facts fact.Reader) ([]*fact.Table, error) {
	elsewhere := func(o *fact.Table) bool { return o.Namespace != t.Namespace }
	out, err := facts.TablesAt(ctx, keys(t), elsewhere)
	for p := range paths(t) {
		if err != nil {
			return nil, err
		}
		var beneath []*fact.Table
		beneath, err = facts.TablesUnder(ctx, p.Key(), elsewhere)
		out = append(out, beneath...)
	}
	return out, err
}

// withMethods are the keys of the prefixes that ask for methods, which may come before all that ask
// for fewer.
func withMethods(t *fact.Table) []string {
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
