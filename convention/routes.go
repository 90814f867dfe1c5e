package convention

import (
	"cmp"
	"slices"
	"strings"

	"aviary.dev/route"
)

// routes are the header routes, then the main routes. A header route stands first, and one with
// more headers before one with fewer, because Envoy takes the first route that fits.
func (a *App) routes(shares []Share) []route.Route {
	var out []route.Route
	for _, v := range a.headerOrder() {
		for _, path := range a.Paths() {
			out = append(out, route.Route{
				Matchers:     []route.Matcher{{Path: path, Headers: a.headers(v)}},
				Destinations: []route.Destination{a.destination(v)},
			})
		}
	}
	return a.mainRoutes(out, shares)
}

func (a *App) mainRoutes(out []route.Route, shares []Share) []route.Route {
	for _, path := range a.Paths() {
		r := route.Route{Matchers: []route.Matcher{{Path: path}}, Weighted: len(shares) > 1}
		for _, s := range shares {
			d := a.destination(s.Version)
			if r.Weighted {
				d.Weight = route.WeightOf(int64(s.Percent))
			}
			r.Destinations = append(r.Destinations, d)
		}
		if s := a.shadow(); s != nil {
			r.Mirror = &route.Reference{ID: route.ID{Ref: route.Ref{Namespace: a.Namespace, Name: shadowName(a.Name, s.Name)}}}
		}
		out = append(out, r)
	}
	return out
}

func (a *App) destination(v *Version) route.Destination {
	return route.Destination{Backend: &route.Backend{
		ID:     route.ID{Ref: route.Ref{Namespace: a.Namespace, Name: BackendName(a.Name)}},
		Labels: map[string]string{a.settings.Keys.Version: v.Name},
	}}
}

// headerOrder returns the canaries that have a header route: more headers first, then by name. Of
// two with equal headers the second has none, nor has one at 0 replicas: nobody would answer.
func (a *App) headerOrder() []*Version {
	canaries := a.With(Canary)
	slices.SortStableFunc(canaries, func(x, y *Version) int {
		return cmp.Compare(len(a.headers(y)), len(a.headers(x)))
	})
	var out []*Version
	for _, v := range canaries {
		if (v.Wanted() || a.awake) && len(a.headers(v)) > 0 && a.sameHeaders(v, out) == nil {
			out = append(out, v)
		}
	}
	return out
}

// sameHeaders returns the one of others whose header route fits the same requests as v's.
func (a *App) sameHeaders(v *Version, others []*Version) *Version {
	for _, o := range others {
		if o != v && slices.EqualFunc(a.headers(o), a.headers(v), func(x, y route.Header) bool {
			return strings.EqualFold(x.Name, y.Name) && x.Value == y.Value
		}) {
			return o
		}
	}
	return nil
}
