package judge

import (
	"context"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// declares reports whether destinations at the upstream can name the subset: a set of its keys is exactly the subset's.
// It is nil without a subset.
func declares(u *inventory.Upstream, subset map[string]string) *bool {
	if len(subset) == 0 {
		return nil
	}
	found := slices.ContainsFunc(u.SubsetKeys, func(keys []string) bool { return exactly(keys, subset) })
	return &found
}

// exactly reports whether the keys, some of which may stand twice, are those of the subset.
func exactly(keys []string, subset map[string]string) bool {
	for _, k := range keys {
		if _, ok := subset[k]; !ok {
			return false
		}
	}
	for k := range subset {
		if !slices.Contains(keys, k) {
			return false
		}
	}
	return true
}

// declaredByOther says no for a destination that is no upstream. It is nil without a subset, and for a Service whose
// annotation configures the upstream that Gloo makes of it.
func declaredByOther(ctx context.Context, facts inventory.Reader, d route.Destination) (*bool, error) {
	if len(d.Subset) == 0 {
		return nil, nil
	}
	if d.Other.Service.Name != "" {
		if s, err := facts.Service(ctx, d.Other.Service); err != nil || s != nil && s.Configures {
			return nil, err
		}
	}
	return new(bool), nil
}

// declared adds whether the destination's subset is declared, and what kind of destination it is if it is no upstream;
// why neither is known if a look-up failed.
func (j *Judge) declared(d route.Destination, t *target) []keyed {
	var out []keyed
	if d.Other != nil && d.Upstream.Name == "" {
		out = append(out, keyed{"other", ast.InternedTerm(d.Other.Kind)})
		if t.unknown != "" {
			out = append(out, keyed{"unknown", ast.StringTerm(t.unknown)})
		}
	}
	if t.declared != nil && t.unknown == "" {
		out = append(out, keyed{"declared", ast.InternedTerm(*t.declared)})
	}
	return out
}

// keySets are the sets of subset keys, as the upstream lists them.
func (j *Judge) keySets(sets [][]string) []*ast.Term {
	out := make([]*ast.Term, len(sets))
	for i, keys := range sets {
		list := make([]*ast.Term, len(keys))
		for n, k := range keys {
			list[n] = ast.StringTerm(k)
		}
		out[i] = ast.ArrayTerm(list...)
	}
	return out
}

// enums adds the texts that Gloo can't read; none adds nothing.
func (j *Judge) enums(doc *policy.Object, list []gloo.Unparsable) {
	if len(list) == 0 {
		return
	}
	out := make([]*ast.Term, len(list))
	for i, u := range list {
		o := j.build.Object()
		o.String("field", u.Field)
		o.String("value", u.Value)
		o.Strings("names", u.Names)
		if u.Meant != "" {
			o.String("meant", u.Meant)
		}
		out[i] = o.Done()
	}
	doc.Array("enums", out)
}

func subsetKeys(d route.Destination) []string { return slices.Sorted(maps.Keys(d.Subset)) }
