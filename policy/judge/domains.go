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
		field := t.Entry.Field
		if t.Entry.Stated {
			field += "[" + strconv.Itoa(i) + "]"
		}
		for _, apart := range []bool{false, true} {
			of := slices.DeleteFunc(slices.Clone(others), func(o *fact.Table) bool {
				return (o.Entry.Encryption != t.Entry.Encryption) != apart
			})
			if of, going := staying(of); len(of) > 0 {
				out = append(out, input.SharedDomain{
					Field: field, Domain: fact.Clip(domain), Root: d.name(of[0].ID), Owner: of[0].Namespace,
					More: len(of) - 1, Apart: apart, Going: going,
				})
			}
		}
		if len(out) >= maxNamed {
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
		return o.ID == t.ID || !d.isRoot(o) || !o.Entry.Beside(t.Entry)
	})
	othersFirst(others, t.Namespace)
	return others, nil
}

// isRoot reports whether the table is a root of the dialect's.
func (d *decision) isRoot(o *fact.Table) bool {
	return o.Entry != nil && d.kinds.Dialect(o.GroupKind).Name() == d.dialect.Name()
}

// staying are the roots that are not being deleted; where there are none, those that are, which serve until they are
// gone.
func staying(roots []*fact.Table) (out []*fact.Table, going bool) {
	out = slices.DeleteFunc(slices.Clone(roots), func(t *fact.Table) bool { return t.Terminating })
	if len(out) == 0 {
		return roots, true
	}
	return out, false
}

// othersFirst sorts roots, those of other namespaces first.
func othersFirst(roots []*fact.Table, namespace string) {
	slices.SortFunc(roots, func(a, b *fact.Table) int {
		if own := a.Namespace == namespace; own != (b.Namespace == namespace) {
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
}
