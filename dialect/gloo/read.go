package gloo

import (
	"encoding/json"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Where the routes of an object stand.
const (
	tableRoutes = "spec.routes"
	hostRoutes  = "spec.virtualHost.routes"
)

func readRouteTable(t *RouteTable) *fact.Table {
	r := reader{namespace: t.Namespace, list: tableRoutes}
	out := r.table(RouteTableKind.GroupKind(), &t.ObjectMeta, t.Spec.Routes)
	out.Led, out.Unparsable = true, unparsable(tableRoutes, t.Spec.Routes)
	if t.Spec.Weight != nil {
		out.Order = *t.Spec.Weight
	}
	return out
}

func readVirtualService(t *VirtualService) *fact.Table {
	var routes []Route
	if t.Spec.VirtualHost != nil {
		routes = t.Spec.VirtualHost.Routes
	}
	r := reader{namespace: t.Namespace, list: hostRoutes}
	r.faults.root = true
	out := r.table(VirtualServiceKind.GroupKind(), &t.ObjectMeta, routes)
	out.Unparsable = t.unparsableHost(unparsable(hostRoutes, routes))
	out.Entry = t.entry()
	r.faults.domains(out.Entry)
	r.faults.host(t)
	out.Faults = r.faults.list
	return out
}

// readUpstreamGroup makes a table of one weighted route (docs/gloo-api.md, Namespaces).
func readUpstreamGroup(g *UpstreamGroup) *fact.Table {
	r := reader{namespace: g.Namespace}
	out := r.table(UpstreamGroupKind.GroupKind(), &g.ObjectMeta, nil)
	at := fields{multi: "spec.destinations"}
	list := route.Route{Field: "spec", Weighted: true, DestinationsField: at.multi}
	list.Destinations = r.weighted(nil, &at, g.Spec.Destinations)
	out.Routes, out.Ports = []route.Route{list}, r.ports
	out.Choices = at.choose(nil, g.Spec.Destinations)
	r.faults.weights(at.multi, list.Destinations)
	out.Faults = r.faults.list
	return out
}

func readUpstream(u *Upstream) *fact.Backend {
	out := &fact.Backend{
		ID: fact.IDOf(UpstreamKind.GroupKind(), u), Managed: fact.ReadManaged(u, convention.IsBackend),
		SubsetKeys: u.subsetKeys(), Unparsable: u.unparsable(), Choices: u.Spec.choose(),
	}
	f := faults{}
	f.durations(u.Spec.Rest, upstreamDurations, "spec")
	out.Faults = f.list
	if k := u.kube(); k != nil {
		out.Pods, out.Selector, out.Port = true, fact.FewLabels(k.Selector), k.ServicePort
		out.Service = route.Ref{Namespace: k.ServiceNamespace, Name: k.ServiceName}
		out.Strict, out.Default = k.SubsetSpec.fallback()
	}
	return out
}

// kube is what Gloo takes the endpoints from; nil if the upstream is of another type, be it beside kube: Gloo's API
// lists all others later (docs/gloo-api.md, Alternatives).
func (u *Upstream) kube() *KubeUpstream {
	s := &u.Spec
	others := []json.RawMessage{s.Static, s.Pipe, s.AWS, s.Azure, s.Consul, s.AWSEC2, s.GCP, s.AI}
	if slices.ContainsFunc(others, stated) {
		return nil
	}
	return s.Kube
}

// fallback says what becomes of requests for a subset that no endpoint has, or for none (docs/gloo-api.md, Upstreams
// and subsets): strict if nobody answers them, else the endpoints with the labels do. A policy that can't be read
// counts as the default one.
func (s *SubsetSpec) fallback() (strict bool, labels map[string]string) {
	if s == nil || len(s.Selectors) == 0 {
		return false, nil
	}
	switch policyOf(s.FallbackPolicy) {
	case noFallback:
		return true, nil
	case defaultSubset:
		if s.DefaultSubset != nil {
			labels = s.DefaultSubset.Values
		}
	}
	return false, labels
}

// subsetKeys returns the upstream's sets of subset keys; nil if it has none.
func (u *Upstream) subsetKeys() [][]string {
	k := u.kube()
	if k == nil || k.SubsetSpec == nil {
		return nil
	}
	var out [][]string
	for _, s := range k.SubsetSpec.Selectors {
		out = append(out, s.Keys)
	}
	return out
}

// annotationSkipValidation turns Gloo's own validation of an object off if it is "true".
const annotationSkipValidation = "gateway.solo.io/skip_validation"

// gives returns which of an app's tables have a name; nil for a kind that Aviary doesn't write.
func gives(kind schema.GroupKind) func(app, name string) bool {
	if kind != RouteTableKind.GroupKind() {
		return nil
	}
	return convention.IsTable
}

func (r *reader) table(kind schema.GroupKind, m *metav1.ObjectMeta, routes []Route) *fact.Table {
	out := &fact.Table{
		Table:   route.Table{ID: fact.IDOf(kind, m), Routes: make([]route.Route, 0, len(routes))},
		Managed: fact.ReadManaged(m, gives(kind)), Labels: m.Labels,
		WasPrimary: strings.Clone(m.Annotations[convention.KeyWasPrimary]),
		Follows:    strings.Clone(m.Annotations[convention.KeyFollows]),
		Retire:     m.Annotations[convention.KeyRetire] == "true",
		Unchecked:  m.Annotations[annotationSkipValidation] == "true",
	}
	var parent delegations
	for i := range routes {
		at := fieldsOf(r.list, i)
		read := r.route(&routes[i], &at)
		if d := routes[i].DelegateAction; d != nil {
			parent = append(parent, r.delegation(d, &read, i))
		}
		out.Routes = append(out.Routes, read)
		out.Choices = routes[i].choose(out.Choices, &at)
		r.faults.route(&routes[i], &out.Routes[i], &at)
	}
	out.Faults = r.faults.list
	if out.Ports = r.ports; len(parent) > 0 {
		out.Parent = slices.Clip(parent)
	}
	return out
}
