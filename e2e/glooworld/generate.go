package glooworld

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
)

// Generate returns the objects of a small world, always the same for a seed. Over many seeds there are worlds
// of all kinds that the recorded ones have.
func Generate(seed uint64) []json.RawMessage {
	d := &draft{Rand: random(seed, 1), namespaces: []string{"a", "b", "c"}, parents: map[*routeTable]Matcher{}}
	d.words = pick(d, []string{"echo", "shop"}, []string{"cart", "pay"}, []string{"api", "user", "echo"})
	d.infrastructure()
	d.platform()
	switch {
	case d.chance(12):
		d.freeze()
	case d.chance(16):
		d.spoil()
	}
	return d.objects()
}

func random(seed, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, stream)) //nolint:gosec // It is to be the same for a seed.
}

// draft is a world that is being made.
type draft struct {
	*rand.Rand
	namespaces, words []string
	tables            []*routeTable
	parents           map[*routeTable]Matcher // What the route asks that leads there.
	services          []*virtualService
	others            []any
	versions, group   bool // There is an Upstream with versions, or an UpstreamGroup.
	groups            int  // Of tables, one for each delegating route.
}

// chance is true in so many of a hundred cases.
func (d *draft) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d interface{ IntN(int) int }, of ...T) T { return of[d.IntN(len(of))] }

// objects returns the objects in JSON.
func (d *draft) objects() (out []json.RawMessage) {
	add := func(o any) {
		raw, err := json.Marshal(o)
		if err != nil {
			panic(err) // The types here can all be written.
		}
		out = append(out, raw)
	}
	for _, o := range d.others {
		add(o)
	}
	for _, t := range d.tables {
		add(t)
	}
	for _, v := range d.services {
		add(v)
	}
	return out
}

func head(group, kind, namespace, name string) object {
	return object{APIVersion: group + "/v1", Kind: kind, Metadata: metadata{Name: name, Namespace: namespace}}
}

// platform makes the VirtualServices, and the tables beneath them.
func (d *draft) platform() {
	domains := [][]string{pick(d, []string{"*"}, nil)}
	if d.chance(18) {
		domains = append(domains, []string{"shop.example"}, []string{"www.shop.example", "shop.example:8080"})
		domains = append(domains, pick(d, []string{"*.example"}, []string{"shop.*"}, []string{"*.shop.example"}))
		d.Shuffle(len(domains), func(i, j int) { domains[i], domains[j] = domains[j], domains[i] })
		domains = domains[:2+d.IntN(2)]
	}
	for i, names := range domains {
		v := newService("app"+strconv.Itoa(i), names)
		v.Spec.VirtualHost.Routes = d.platformRoutes(i > 0 && d.chance(60))
		d.services = append(d.services, v)
	}
}

func newService(name string, domains []string) *virtualService {
	v := &virtualService{object: head("gateway.solo.io", "VirtualService", "gloo-system", name)}
	v.Spec.VirtualHost = &virtualHost{Domains: domains}
	return v
}

// platformRoutes returns a VirtualService's routes: such that delegate, and some of its own. Shared means to
// tables that another VirtualService delegates to, too.
func (d *draft) platformRoutes(shared bool) (out []route) {
	depth := pick(d, 0, 0, 0, 1, 1, 2)
	if shared {
		m := d.parentMatcher(everything())
		out = append(out, route{Matchers: []Matcher{m}, DelegateAction: d.toGroup("g1", nil)})
	} else {
		out = append(out, d.delegating(everything(), "gloo-system", depth))
	}
	if d.chance(20) {
		out = append(out, d.delegating(everything(), "gloo-system", 0))
	}
	if d.chance(30) {
		out = append(out, route{Matchers: []Matcher{everything()}, RouteAction: d.single("gloo-system")})
	}
	if d.chance(10) {
		own := route{Matchers: []Matcher{d.childMatcher(everything())}, RouteAction: d.single("gloo-system")}
		out = append([]route{own}, out...)
	}
	return out
}

// infrastructure makes what routes lead to.
func (d *draft) infrastructure() {
	for _, namespace := range append([]string{"gloo-system"}, d.namespaces...) {
		d.others = append(d.others, newStatic(namespace, "web"), newStatic(namespace, "back"))
	}
	if d.versions = d.chance(25); d.versions {
		d.app()
	}
	if d.group = d.chance(15); d.group {
		g := &upstreamGroup{object: head("gloo.solo.io", "UpstreamGroup", "b", "grp")}
		g.Spec.Destinations = d.split("b")
		d.others = append(d.others, g)
	}
}
