package glootest

import (
	"context"
	"maps"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
)

// Probe is a request with the recorded answer; nil where no route takes it.
type Probe struct {
	Request Request `json:"request"`
	Answer  *Answer `json:"answer"`
}

// Compared is how many routes, or requests, were compared, and those of which the dialect says otherwise, in words.
type Compared struct {
	Of     int
	Differ []string
}

// CompareOrder holds the order of the routes of each root to the recorded one, where that is known; each root counts
// once.
func (w World) CompareOrder(
	ctx context.Context, parents dialect.Parents, all []fact.Fact,
) (out Compared, err error) {
	for _, f := range all {
		root, ok := f.(*fact.Table)
		if !ok || root.Entry == nil {
			continue
		}
		list := w.Gloo.Order[strings.Join(root.Entry.Domains, ",")]
		if list == nil {
			continue
		}
		var want []string
		for _, r := range list {
			if name := place(r.Table+r.VirtualService, r.Route, r.Matcher); !slices.Contains(want, name) {
				want = append(want, name)
			}
		}
		got, err := Order(ctx, parents, all, root)
		if err != nil {
			return out, err
		}
		if out.Of++; !slices.Equal(got, want) {
			out.Differ = append(out.Differ, root.String()+": is "+strings.Join(got, ", ")+", must be "+strings.Join(want, ", "))
		}
	}
	return out, nil
}

// Same reports whether both name the same route, or none.
func (a *Answer) Same(o *Answer) bool {
	return a == nil && o == nil || a != nil && o != nil && a.EnvoyRoute == o.EnvoyRoute && a.Action == o.Action
}

// SameShares reports whether both share requests in the same way.
func (a *Answer) SameShares(o *Answer) bool {
	if a == nil || o == nil {
		return a == o
	}
	return slices.EqualFunc(a.Destinations, o.Destinations, func(x, y Share) bool {
		return x.Upstream == y.Upstream && maps.Equal(x.Subset, y.Subset) &&
			(x.Weight == nil) == (y.Weight == nil) && (x.Weight == nil || *x.Weight == *y.Weight)
	})
}
