package judge

import (
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// crossNamespace describes what the table's routes lead to in another namespace than its own.
func (d *decision) crossNamespace(t *fact.Table, res *resolver) []input.Foreign {
	var out []input.Foreign
	add := func(field string, id route.ID, into string) {
		if id.Name == "" || id.Namespace == "" || id.Namespace == t.Namespace && (into == t.Namespace || into == "") {
			return
		}
		out = append(out, input.Foreign{
			Field: field, Kind: id.Kind, Noun: d.kinds.Noun(id.GroupKind), Namespace: id.Namespace, Name: id.Name, Into: into,
		})
	}
	for _, s := range res.all {
		if s.backend.Known() {
			add(s.field, s.backend.ID, s.endpoints.Service.Namespace)
		}
	}
	for i := range t.Routes {
		r := &t.Routes[i]
		if r.Group != nil {
			add(r.Group.Field, r.Group.ID, "")
		}
		if r.Mirror != nil && r.Mirror.Name != "" {
			add(r.Mirror.Field, r.Mirror.ID, "")
		}
	}
	return out
}
