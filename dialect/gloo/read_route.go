package gloo

import (
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"k8s.io/apimachinery/pkg/labels"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// reader reads the routes of one object.
type reader struct {
	// namespace is the object's, which Gloo fills in where a destination names none; list is where
	// its routes stand.
	namespace, list string
	// backends are those that were read: nearly all routes name the same few versions of the same
	// upstream.
	backends []*route.Backend
	// ports are those that were read of Services.
	ports  []fact.NamedPort
	faults faults
	// selector is the last one that was read, and labelled what it asks for: routes side by side often have the same.
	selector *RouteTableSelector
	labelled labels.Selector
}

// distinct bounds how many different backends of an object are compared with.
const distinct = 8

func (r *reader) route(in *Route, at *fields) route.Route {
	out := route.Route{
		Field: at.route, Name: in.Name, Delegates: in.DelegateAction != nil, Action: in.action(),
		InheritsPath: inherit(in.InheritablePathMatchers), Inherits: inherit(in.InheritableMatchers),
	}
	if len(in.Matchers) > 0 {
		out.Matchers = make([]route.Matcher, len(in.Matchers))
	}
	for i := range in.Matchers {
		out.Matchers[i] = in.Matchers[i].read()
	}
	if o := in.Options; o != nil && o.Shadowing != nil && o.Shadowing.Upstream != nil {
		out.Mirror = reference(at.route+".options.shadowing.upstream", upstreamID(*o.Shadowing.Upstream))
	}
	a := in.RouteAction
	if a == nil {
		return out
	}
	if a.Single != nil {
		out.Destinations = append(out.Destinations, r.destination(a.Single, at.single))
	}
	if a.Multi != nil {
		out.Weighted, out.DestinationsField = true, at.multi
		out.Destinations = r.weighted(out.Destinations, at, a.Multi.Destinations)
	}
	if g := a.UpstreamGroup; g != nil {
		id := route.ID{GroupKind: UpstreamGroupKind.GroupKind(), Ref: route.Ref{Namespace: g.Namespace, Name: g.Name}}
		out.Group = reference(at.route+".routeAction.upstreamGroup", id)
	}
	return out
}

func reference(field string, id route.ID) *route.Reference {
	return &route.Reference{Field: field, ID: id}
}

func upstreamID(r Ref) route.ID {
	return route.ID{GroupKind: UpstreamKind.GroupKind(), Ref: route.Ref{Namespace: r.Namespace, Name: r.Name}}
}

// weighted reads a list. A missing weight counts as 0 (docs/gloo-api.md, Weights).
func (r *reader) weighted(out []route.Destination, at *fields, list []WeightedDestination) []route.Destination {
	out = slices.Grow(out, len(list))
	for i := range list {
		d := route.Destination{}
		if list[i].Destination != nil {
			d = r.destination(list[i].Destination, at.destination(i))
		} else {
			d.Field = item(at.multi, i)
		}
		if w := list[i].Weight; w != nil {
			d.Weight = route.WeightOf(*w)
		}
		out = append(out, d)
	}
	return out
}

func (r *reader) destination(d *Destination, field string) route.Destination {
	var b route.Backend
	switch {
	case d.Upstream != nil && d.Upstream.Name != "":
		b.ID = upstreamID(*d.Upstream)
		if b.Namespace == "" {
			b.Namespace = r.namespace
		}
	case stated(d.Kube):
		b = r.kube(d.Kube, field)
	case stated(d.Consul):
		b.Opaque = "consul"
	}
	if d.Subset != nil {
		b.Labels = d.Subset.Values
	}
	return route.Destination{Field: field, Backend: r.backend(&b)}
}

// backend returns the equal one among those that were read; nil for none at all.
func (r *reader) backend(b *route.Backend) *route.Backend {
	if !b.Known() && b.Opaque == "" && len(b.Labels) == 0 {
		return nil
	}
	for _, seen := range r.backends {
		if seen.Equal(b) {
			return seen
		}
	}
	kept := *b
	if len(r.backends) < distinct {
		r.backends = append(r.backends, &kept)
	}
	return &kept
}

// kube reads a destination that is a Service itself. Its ref has no default namespace
// (docs/gloo-api.md, Namespaces).
func (r *reader) kube(raw []byte, field string) route.Backend {
	var kube struct {
		Ref  Ref   `json:"ref"`
		Port int32 `json:"port"`
	}
	if json.Unmarshal(raw, &kube) != nil || kube.Ref.Name == "" {
		return route.Backend{Opaque: "kube"} // of another shape than the CRD has it
	}
	ref := route.Ref{Namespace: kube.Ref.Namespace, Name: kube.Ref.Name}
	known := func(p fact.NamedPort) bool { return p.Service == ref && p.Port == kube.Port }
	if last := r.ports[max(len(r.ports)-distinct, 0):]; !slices.ContainsFunc(last, known) {
		r.ports = append(r.ports, fact.NamedPort{Field: field, Service: ref, Port: kube.Port})
	}
	return route.Backend{ID: route.ID{GroupKind: fact.ServiceKind, Ref: ref}}
}

// What an action begins with that the gateway answers by itself.
const redirects, responds = "redirectAction: ", "directResponseAction: "

// action returns what is no destination. Two that say the same are the same, however they are written.
func (r *Route) action() string {
	switch {
	case stated(r.RedirectAction):
		return redirects + canonical(r.RedirectAction)
	case stated(r.DirectResponseAction):
		return responds + canonical(r.DirectResponseAction)
	case r.RouteAction != nil && r.RouteAction.ClusterHeader != "":
		return "clusterHeader: " + r.RouteAction.ClusterHeader
	case r.RouteAction != nil && stated(r.RouteAction.DynamicForwardProxy):
		return "dynamicForwardProxy: " + canonical(r.RouteAction.DynamicForwardProxy)
	}
	return ""
}

// canonical returns JSON without space, its keys sorted and its text and numbers in one form.
func canonical(raw json.RawMessage) string {
	text := jsontext.Value(slices.Clone(raw))
	if text.Canonicalize() != nil {
		return string(raw)
	}
	return string(text)
}
