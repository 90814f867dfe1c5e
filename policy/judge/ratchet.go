package judge

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// Ratchet makes warnings of the denials of an UPDATE that the old object, judged in the same world,
// earned as well: a request is refused for what it causes or touches, never for what was there
// before. Findings are compared by rule, message and the content of the route that they are in, not
// by its place in the list; those in no route by their field. The request's old object must be
// decoded whole.
func (j *Judge) Ratchet(
	ctx context.Context, r Request, findings []policy.Finding, facts fact.Reader,
) ([]policy.Finding, error) {
	if r.Operation != Update || r.Old == nil || r.New == nil {
		return findings, nil
	}
	if !slices.ContainsFunc(findings, func(f policy.Finding) bool {
		return f.Mode == policy.ModeDeny && f.Rule != SizeLimits // which compares with what was before itself
	}) {
		return findings, nil
	}
	before, err := j.Decide(ctx, Request{Operation: Audit, New: r.Old}, facts)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(findings)
	for i, f := range out {
		if f.Mode != policy.ModeDeny {
			continue
		}
		same := slices.IndexFunc(before, func(b policy.Finding) bool {
			if b.Rule != f.Rule || b.Severity != f.Severity || b.Message != f.Message {
				return false
			}
			old, new := part(r.Old, b.Field), part(r.New, f.Field)
			return reflect.DeepEqual(old, new) && (new != nil || b.Field == f.Field)
		})
		if same < 0 {
			continue
		}
		before = slices.Delete(before, same, same+1) // a second one of the kind is new
		out[i].Mode = policy.ModeWarn
	}
	return out, nil
}

// part returns the route that a field is in, without what tells its place; nil for a field that is
// in none.
func part(f fact.Fact, field string) *route.Route {
	t, ok := f.(*fact.Table)
	if !ok {
		return nil
	}
	for _, r := range t.Routes {
		if field != r.Field && !strings.HasPrefix(field, r.Field+".") {
			continue
		}
		r.Field, r.DestinationsField = "", ""
		r.Group, r.Mirror = placeless(r.Group), placeless(r.Mirror)
		r.Destinations = slices.Clone(r.Destinations)
		for i := range r.Destinations {
			r.Destinations[i].Field = ""
		}
		return &r
	}
	return nil
}

func placeless(r *route.Reference) *route.Reference {
	if r == nil {
		return nil
	}
	return &route.Reference{ID: r.ID}
}
