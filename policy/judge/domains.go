package judge

import (
	"context"
	"slices"
	"strconv"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// sharedDomains describes the domains of a root that another one of its listener serves, too.
func (d *decision) sharedDomains(ctx context.Context, t *fact.Table) (out []input.SharedDomain, err error) {
	if t.Entry == nil {
		return nil, nil
	}
	seen := make(map[string]struct{}, len(t.Entry.Domains))
	for i, domain := range t.Entry.Domains {
		folded := fact.FoldDomain(domain)
		if _, twice := seen[folded]; twice || domain == "" {
			continue
		}
		seen[folded] = struct{}{}
		others, err := d.rootsBeside(ctx, t, domain)
		if err != nil {
			return nil, err
		}
		if len(others) == 0 {
			continue
		}
		field := t.Entry.Field
		if t.Entry.Stated {
			field += "[" + strconv.Itoa(i) + "]"
		}
		out = append(out, input.SharedDomain{
			Field: field, Domain: fact.Clip(domain), Root: d.name(others[0].ID), Owner: others[0].Namespace,
			More: len(others) - 1,
		})
		if len(out) == maxNamed {
			break
		}
	}
	return out, nil
}

// rootsBeside returns the other roots of the listener that serve the domain, those of other namespaces first.
func (d *decision) rootsBeside(ctx context.Context, t *fact.Table, domain string) ([]*fact.Table, error) {
	roots, err := d.after.RootsOf(ctx, domain)
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(slices.Clone(roots), func(o *fact.Table) bool {
		return o.ID == t.ID || o.Terminating || o.Entry == nil || !o.Entry.Beside(t.Entry) ||
			d.kinds.Dialect(o.GroupKind).Name() != d.dialect.Name()
	})
	slices.SortFunc(others, func(a, b *fact.Table) int {
		if own := a.Namespace == t.Namespace; own != (b.Namespace == t.Namespace) {
			if own {
				return 1
			}
			return -1
		}
		if a.Ref.Less(b.Ref) {
			return -1
		}
		return 1
	})
	return others, nil
}
