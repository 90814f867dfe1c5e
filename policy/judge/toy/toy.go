// Package toy is a dialect of a handful of lines, in which nobody speaks. It shows what a second
// dialect takes, and the judge is tested with it: a Path sends requests to Groups, each of which
// stands for the Pods that its selector picks. Only tests import it; it is a package all the same,
// since a dialect is one, so that it sees no more of the judge than a dialect does.
package toy

import (
	"cmp"
	"context"
	"fmt"
	"maps"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Dialect is the toy, see [dialect.Dialect].
type Dialect struct{}

var _ dialect.Dialect = Dialect{}

// Name implements dialect.Dialect.
func (Dialect) Name() string { return "toy" }

// Annotations implements dialect.Dialect.
func (Dialect) Annotations() []string { return nil }

// Siblings implements dialect.Dialect: Aviary writes no toys.
func (Dialect) Siblings(*convention.App, convention.Plan) []dialect.Sibling { return nil }

// Unfit implements dialect.Dialect.
func (Dialect) Unfit(*convention.App, *fact.Backend) []string { return nil }

// Semantics implements dialect.Dialect.
func (Dialect) Semantics() route.Semantics { return mostSpecific{} }

// Endpoints implements dialect.Dialect. The version of a Group is what its selector says.
func (Dialect) Endpoints(
	ctx context.Context, b *route.Backend, facts fact.Reader, keys convention.LabelKeys,
) (dialect.Endpoints, error) {
	g, err := facts.Backend(ctx, b.ID)
	if g == nil || err != nil {
		return dialect.Endpoints{}, err
	}
	out := dialect.Endpoints{Exists: true, Pods: true, Namespace: g.Namespace, Selector: maps.Clone(g.Selector)}
	if version, ok := g.Selector[keys.Version]; ok {
		out.Labels = map[string]string{keys.Version: version}
		delete(out.Selector, keys.Version)
	}
	return out, nil
}

// mostSpecific compares as text, and of two routes the one with the longer path gets the request,
// then the one with more headers.
type mostSpecific struct{ route.AsWritten }

// Sorts implements route.Semantics.
func (mostSpecific) Sorts() bool { return true }

// First implements route.Semantics.
func (mostSpecific) First(a, b route.Candidate) bool {
	return cmp.Or(
		cmp.Compare(len(b.Matcher.Path.Value), len(a.Matcher.Path.Value)),
		cmp.Compare(len(b.Matcher.Headers), len(a.Matcher.Headers)),
		cmp.Compare(a.Index, b.Index),
	) < 0
}

// read returns the routes of a Path. A weight that is missing is 1.
func (p *Path) read() []route.Route {
	out := make([]route.Route, len(p.Spec.Routes))
	for i, r := range p.Spec.Routes {
		at := fmt.Sprintf("spec.routes[%d]", i)
		out[i] = route.Route{Field: at, Matchers: []route.Matcher{r.matcher()}, Weighted: true, DestinationsField: at + ".to"}
		for n, to := range r.To {
			weight := route.Weight{Value: 1}
			if to.Weight != nil {
				weight = route.WeightOf(*to.Weight)
			}
			id := route.ID{GroupKind: groupKind.GroupKind(), Ref: route.Ref{Namespace: p.Namespace, Name: to.Group}}
			out[i].Destinations = append(out[i].Destinations, route.Destination{
				Field: fmt.Sprintf("%s.to[%d]", at, n), Backend: &route.Backend{ID: id}, Weight: weight,
			})
		}
	}
	return out
}

func (r Route) matcher() route.Matcher {
	m := route.Matcher{Path: route.Path{Kind: route.Prefix, Value: r.Prefix}}
	if r.Header != "" {
		m.Headers = []route.Header{{Name: r.Header}}
	}
	return m
}
