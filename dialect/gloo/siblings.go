package gloo

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Siblings implements dialect.Dialect: the Service, the Upstreams and, if the plan routes, the RouteTable. The same app
// and plan give the same objects, and numbers are as the API server's answers decode them.
func (Dialect) Siblings(app *convention.App, p convention.Plan) []dialect.Sibling {
	var out []dialect.Sibling
	if p.Service != nil {
		out = append(out, dialect.ServiceSibling(app, p.Service))
	}
	for _, b := range p.Backends {
		if b.Name == convention.BackendName(app.Name) && app.Uses(useUpstream) {
			continue
		}
		out = append(out, upstreamSibling(app, b))
	}
	if len(p.Routes) > 0 {
		out = append(out, tableSibling(app, p))
	}
	return out
}

// useUpstream is the value of aviary.dev/use for the app's Upstream.
const useUpstream = "upstream"

func upstreamSibling(app *convention.App, b convention.Backend) dialect.Sibling {
	id := route.ID{GroupKind: UpstreamKind.GroupKind(), Ref: route.Ref{Namespace: app.Namespace, Name: b.Name}}
	return dialect.Sibling{
		ID: id,
		Object: func() *unstructured.Unstructured {
			return dialect.NewManaged(app, UpstreamKind, id.Name, writeUpstream(id.Namespace, b))
		},
		Fact: func() fact.Fact {
			out := &fact.Backend{
				ID: id, Managed: fact.Managed{App: app.Name}, Pods: true, Selector: b.Selector, Port: b.Port,
				Service: route.Ref{Namespace: id.Namespace, Name: b.Service},
			}
			if len(b.SubsetKeys) > 0 {
				out.SubsetKeys, out.Strict = [][]string{b.SubsetKeys}, b.Fallback == convention.FallbackNone
			}
			return out
		},
	}
}

func tableSibling(app *convention.App, p convention.Plan) dialect.Sibling {
	ref := route.Ref{Namespace: app.Namespace, Name: convention.TableName(app.Name)}
	id := route.ID{GroupKind: RouteTableKind.GroupKind(), Ref: ref}
	return dialect.Sibling{
		ID: id,
		Object: func() *unstructured.Unstructured {
			t := dialect.NewManaged(app, RouteTableKind, id.Name, writeRoutes(p.Routes))
			labels := t.GetLabels()
			if p.APIGroup != "" {
				labels[app.Keys().APIGroup] = p.APIGroup
			}
			t.SetLabels(labels)
			t.SetAnnotations(map[string]string{convention.KeySummary: p.Summary()})
			return t
		},
		Fact: func() fact.Fact {
			labels := dialect.ManagedLabels(app)
			if p.APIGroup != "" {
				labels[app.Keys().APIGroup] = p.APIGroup
			}
			routes := placed(p.Routes)
			return &fact.Table{
				Table: route.Table{ID: id, Routes: routes}, Managed: fact.Managed{App: app.Name},
				Led: true, Labels: labels, Faults: planned(routes),
			}
		},
	}
}

// placed returns planned routes as they are read from the RouteTable that is written of them.
func placed(routes []route.Route) []route.Route {
	out := make([]route.Route, len(routes))
	for i, r := range routes {
		at := fieldsOf(tableRoutes, i)
		r.Field = at.route
		if r.Weighted {
			r.DestinationsField = at.multi
		}
		if r.Mirror != nil {
			r.Mirror = reference(at.route+".options.shadowing.upstream",
				route.ID{GroupKind: UpstreamKind.GroupKind(), Ref: r.Mirror.Ref})
		}
		destinations := make([]route.Destination, len(r.Destinations))
		for k, d := range r.Destinations {
			b := *d.Backend
			b.GroupKind = UpstreamKind.GroupKind()
			d.Backend, d.Field = &b, at.single
			if r.Weighted {
				d.Field = at.destination(k)
			}
			destinations[k] = d
		}
		r.Destinations = destinations
		out[i] = r
	}
	return out
}
