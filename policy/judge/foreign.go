package judge

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// foreign adds what the table's routes lead to in another namespace than its own; nothing adds nothing.
func (j *Judge) foreign(doc *policy.Object, t *inventory.Table, res *resolver) {
	own := t.Ref.Namespace
	var out []*ast.Term
	add := func(field, kind string, ref route.Ref, into string) {
		if ref.Namespace == own && (into == own || into == "") {
			return
		}
		o := j.build.Object()
		o.String("field", field)
		o.String("kind", kind)
		o.String("namespace", ref.Namespace)
		o.String("name", ref.Name)
		if into != "" {
			o.String("into", into)
		}
		out = append(out, o.Done())
	}
	for _, s := range res.seen {
		switch {
		case s.upstream.Name != "" && s.upstream.Namespace != "":
			add(s.field, "upstream", s.upstream, s.service.Namespace)
		case s.other != nil && s.other.Service.Namespace != "":
			add(s.field, "Service", s.other.Service, "")
		}
	}
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Group != nil && r.Group.Namespace != "" {
			add(r.Field+".routeAction.upstreamGroup", "UpstreamGroup", *r.Group, "")
		}
		if r.Shadow.Name != "" && r.Shadow.Namespace != "" {
			add(r.Field+".options.shadowing.upstream", "upstream", r.Shadow, "")
		}
	}
	if len(out) > 0 {
		doc.Array("foreign", out)
	}
}

// choices adds where not exactly one alternative is set.
func (j *Judge) choices(doc *policy.Object, list []route.Choice) {
	if len(list) == 0 {
		return
	}
	out := make([]*ast.Term, len(list))
	for i, c := range list {
		o := j.build.Object()
		o.String("field", c.Field)
		o.String("of", string(c.Of))
		o.Strings("set", c.Set)
		out[i] = o.Done()
	}
	doc.Array("choices", out)
}
