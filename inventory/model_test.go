package inventory_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// model answers the Reader's questions by looking at every fact.
type model map[route.ID]fact.Fact

func (m model) workloads(keep func(*fact.Workload) bool) []string {
	var out []string
	for id, f := range m {
		if w, ok := f.(*fact.Workload); ok && keep(w) {
			out = append(out, name(id))
		}
	}
	slices.Sort(out)
	return out
}

func (m model) tables(keep func(*fact.Table) bool) []string {
	var out []string
	for id, f := range m {
		if t, ok := f.(*fact.Table); ok && keep(t) {
			out = append(out, name(id))
		}
	}
	slices.Sort(out)
	return out
}

func (m model) upstreams(keep func(*fact.Backend) bool) []string {
	var out []string
	for id, f := range m {
		if u, ok := f.(*fact.Backend); ok && keep(u) {
			out = append(out, name(id))
		}
	}
	slices.Sort(out)
	return out
}

func name(id route.ID) string { return id.String() }

// answers asks a Reader everything that could be asked of the random facts.
func answers(t *testing.T, r fact.Reader) map[string][]string {
	t.Helper()
	ctx, out := t.Context(), map[string][]string{}
	for _, ns := range spaces {
		n, err := r.Namespace(ctx, ns)
		out["namespace "+ns] = seen(n, n == nil, err)
		into, err := r.BackendsInto(ctx, ns)
		out["into "+ns] = names(into, err)
		for _, want := range labelSets {
			list, err := r.Workloads(ctx, ns, want)
			out["workloads "+ns+" "+labelText(want)] = names(list, err)
		}
		for _, n := range refNames {
			ref := route.Ref{Namespace: ns, Name: n}
			list, err := r.App(ctx, ref)
			out["app "+ref.String()] = names(list, err)
			tables, err := r.TablesTo(ctx, upstreamID(ref))
			out["to "+ref.String()] = names(tables, err)
			referring, err := r.TablesTo(ctx, groupID(ref))
			out["to group "+ref.String()] = names(referring, err)
			of, err := r.BackendsOf(ctx, ref)
			out["of service "+ref.String()] = names(of, err)
			direct, err := r.TablesTo(ctx, serviceID(ref))
			out["to service "+ref.String()] = names(direct, err)
			u, err := r.Backend(ctx, upstreamID(ref))
			out["upstream "+ref.String()] = seen(u, u == nil, err)
			s, err := r.Service(ctx, ref)
			out["service "+ref.String()] = seen(s, s == nil, err)
			for _, kind := range tableKinds {
				table, err := r.Table(ctx, route.ID{GroupKind: kind, Ref: ref})
				out["table "+kind.Kind+" "+ref.String()] = seen(table, table == nil, err)
			}
		}
	}
	all, err := r.Parents(ctx)
	out["parents"] = names(all, err)
	made, kept := r.OfParents("names", func(all []*fact.Table) any { return names(all, nil) })
	if diff := cmp.Diff(out["parents"], made); kept && diff != "" {
		t.Errorf("made of other parents: -all +those:\n%s", diff)
	}
	askRoots(t, r, out)
	for _, keys := range [][]string{{"/"}, {"/echo"}, {"/echo/x", "~/e.*"}} {
		out[fmt.Sprint("at ", keys)] = names(r.TablesAt(ctx, keys, 0, inA))
		one, err := r.TablesAt(ctx, keys, 1, inA)
		out[fmt.Sprint("one at ", keys)] = []string{fmt.Sprint(len(one), err)}
	}
	for _, begins := range someBeginnings {
		out["under "+begins] = names(r.TablesUnder(ctx, fact.Under{Begins: begins}, 0, inA))
		for _, order := range someOrders {
			u := fact.Under{Begins: begins, After: &order}
			out[fmt.Sprint("under ", begins, " after ", order)] = names(r.TablesUnder(ctx, u, 0, inA))
			one, err := r.TablesUnder(ctx, u, 1, inA)
			out[fmt.Sprint("one under ", begins, " after ", order)] = []string{fmt.Sprint(len(one), err)}
		}
	}
	askLed(t, r, out)
	askCost(t, r, out)
	return out
}

func (m model) answers() map[string][]string {
	out := map[string][]string{}
	one := func(id route.ID) []string {
		if _, ok := m[id]; ok {
			return []string{name(id)}
		}
		return nil
	}
	for _, ns := range spaces {
		out["namespace "+ns] = one(fact.NamespaceID(ns))
		out["into "+ns] = m.upstreams(func(u *fact.Backend) bool { return u.Service.Namespace == ns })
		for _, want := range labelSets {
			out["workloads "+ns+" "+labelText(want)] = m.workloads(func(w *fact.Workload) bool {
				for k, v := range want {
					_, has := w.Labels[k]
					values, sometimes := w.Sometimes[k]
					mayHave := !has && w.Cut != "" && k > w.Cut ||
						sometimes && (values == nil || slices.Contains(values, v))
					if w.Labels[k] != v && !mayHave {
						return false
					}
				}
				return w.Namespace == ns
			})
		}
		for _, n := range refNames {
			ref := route.Ref{Namespace: ns, Name: n}
			out["app "+ref.String()] = m.workloads(func(w *fact.Workload) bool {
				return w.Version != nil && !w.Terminating && w.Version.App == n && w.Namespace == ns
			})
			out["to "+ref.String()] = m.tables(func(t *fact.Table) bool {
				return slices.ContainsFunc(t.Routes, func(r route.Route) bool {
					return slices.ContainsFunc(r.Destinations,
						func(d route.Destination) bool { return d.Backend.ID == upstreamID(ref) })
				})
			})
			out["to group "+ref.String()] = m.tables(func(t *fact.Table) bool {
				return slices.ContainsFunc(t.Routes, func(r route.Route) bool {
					return r.Group != nil && r.Group.ID == groupID(ref)
				})
			})
			out["of service "+ref.String()] = m.upstreams(func(u *fact.Backend) bool { return u.Service == ref })
			out["to service "+ref.String()] = m.tables(func(t *fact.Table) bool {
				return slices.ContainsFunc(t.Routes, func(r route.Route) bool {
					return slices.ContainsFunc(r.Destinations, func(d route.Destination) bool {
						return d.Backend.ID == serviceID(ref)
					})
				})
			})
			out["upstream "+ref.String()] = one(upstreamID(ref))
			out["service "+ref.String()] = one(serviceID(ref))
			for _, kind := range tableKinds {
				out["table "+kind.Kind+" "+ref.String()] = one(route.ID{GroupKind: kind, Ref: ref})
			}
		}
	}
	out["parents"] = m.tables(func(t *fact.Table) bool { return t.Parent != nil })
	m.roots(out)
	at := func(texts ...string) []string {
		return m.tables(func(t *fact.Table) bool {
			return inA(t) && hasPath(t, func(p string) bool { return slices.Contains(texts, p) })
		})
	}
	out["at [/]"], out["at [/echo]"], out["at [/echo/x ~/e.*]"] = at("/"), at("/echo", "/Echo/"), at("/echo/x", "~/e.*")
	for _, keys := range []string{"[/]", "[/echo]", "[/echo/x ~/e.*]"} {
		out["one at "+keys] = []string{fmt.Sprint(min(1, len(out["at "+keys])), nil)}
	}
	for _, begins := range someBeginnings {
		under := func(after int) []string {
			return m.tables(func(t *fact.Table) bool {
				return inA(t) && int(t.Order) > after && hasPath(t, func(p string) bool {
					return strings.HasPrefix(strings.ToLower(strings.TrimRight(p, "/")), begins) || p == "/" && begins == p
				})
			})
		}
		out["under "+begins] = under(math.MinInt)
		for _, order := range someOrders {
			text := fmt.Sprint("under ", begins, " after ", order)
			out[text] = under(int(order))
			out["one "+text] = []string{fmt.Sprint(min(1, len(out[text])), nil)}
		}
	}
	for _, l := range someLed() {
		for most := range 3 {
			out[ledText(l, most)] = m.led(l, most)
		}
	}
	m.costs(out)
	return out
}

func upstreamID(ref route.Ref) route.ID {
	return route.ID{GroupKind: gloo.UpstreamKind.GroupKind(), Ref: ref}
}

func groupID(ref route.Ref) route.ID {
	return route.ID{GroupKind: gloo.UpstreamGroupKind.GroupKind(), Ref: ref}
}

func serviceID(ref route.Ref) route.ID { return route.ID{GroupKind: fact.ServiceKind, Ref: ref} }

// parent hands on to nobody in particular.
type parent struct{}

func (parent) Same(fact.Parent) bool { return true }

func (parent) Beyond(fact.Parent) fact.Parent { return nil }
func (parent) Cost() fact.Cost                { return fact.Cost{Delegations: 1} }

func inA(t *fact.Table) bool { return t.Ref.Namespace == "a" }

// hasPath looks through a led table's own routes; one without matchers is for /.
func hasPath(t *fact.Table, is func(string) bool) bool {
	return t.Led && slices.ContainsFunc(t.Routes, func(r route.Route) bool {
		if r.Delegates {
			return false
		}
		return len(r.Matchers) == 0 && is("/") || slices.ContainsFunc(r.Matchers,
			func(m route.Matcher) bool { return is(m.Path.String()) })
	})
}

var somePaths = []route.Path{
	{Kind: route.Prefix, Value: "/"},
	{Kind: route.Prefix, Value: "/echo"},
	{Kind: route.Prefix, Value: "/Echo/"},
	{Kind: route.Prefix, Value: "/echoes"},
	{Kind: route.Prefix, Value: "/echo/x"},
	{Kind: route.Regex, Value: "/e.*"},
	{Kind: route.NoPath},
}

func names[T fact.Fact](list []T, err error) []string {
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for _, f := range list {
		out = append(out, name(f.Identity()))
	}
	slices.Sort(out)
	return out
}

func seen(f fact.Fact, none bool, err error) []string {
	switch {
	case err != nil:
		return []string{err.Error()}
	case none:
		return nil
	}
	return []string{name(f.Identity())}
}

var (
	spaces     = []string{"a", "b"}
	refNames   = []string{"echo", "fox"}
	tableKinds = []schema.GroupKind{
		gloo.RouteTableKind.GroupKind(), gloo.VirtualServiceKind.GroupKind(), gloo.UpstreamGroupKind.GroupKind(),
	}
	someBeginnings = []string{"/", "/e", "/echo", "/echo/", "/echo/x/"}
	someOrders     = []int32{-1, 0, 7} // sorted
	labelSets      = []map[string]string{
		nil, {"app": "echo"}, {"app": "echo", "version": "v1"}, {"version": "v2"}, {"app": "none"},
	}
)

func labelText(labels map[string]string) string {
	var out []string
	for k, v := range labels {
		out = append(out, k+"="+v)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}
