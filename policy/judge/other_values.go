package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// otherValues returns, of each of the backend's subset keys that a selector has, the other values by which routes pick
// pods there: of each namespace the least, of a table to which requests come sooner than of one to which none do.
func (d *decision) otherValues(
	ctx context.Context, b *fact.Backend, selector map[string]string,
) (out []input.OtherValue, err error) {
	keys := slices.DeleteFunc(slices.Concat(b.SubsetKeys...), func(key string) bool {
		_, selected := selector[key]
		return !selected
	})
	if len(keys) == 0 {
		return nil, nil
	}
	tables, err := d.holding(ctx, b.ID)
	for _, t := range tables {
		found := valuesIn(t, b, keys, selector)
		if len(found) == 0 {
			continue
		}
		reached, err := d.reached(ctx, t)
		if err != nil {
			return nil, err
		}
		for _, v := range found {
			v.Object, v.Namespace, v.Reached = t.ID.String(), t.Namespace, reached
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b input.OtherValue) int {
		return cmp.Or(
			cmp.Compare(a.Key, b.Key), d.compareFar(a.Namespace, b.Namespace), compareReached(b.Reached, a.Reached),
			cmp.Compare(a.Value, b.Value), cmp.Compare(a.Object, b.Object),
		)
	})
	return slices.CompactFunc(out, func(a, b input.OtherValue) bool {
		return a.Key == b.Key && a.Namespace == b.Namespace
	}), err
}

// valuesIn are those by which the table's routes pick pods of a backend, and which a selector has not.
func valuesIn(t *fact.Table, b *fact.Backend, keys []string, selector map[string]string) (out []input.OtherValue) {
	for _, r := range t.Routes {
		for _, to := range r.Destinations {
			if to.Backend == nil || to.Backend.ID != b.ID {
				continue
			}
			for _, key := range keys {
				if value, named := to.Backend.Labels[key]; named && value != selector[key] {
					out = append(out, input.OtherValue{Key: key, Value: value})
				}
			}
		}
	}
	return out
}

// compareReached sorts tables to which no requests come first.
func compareReached(a, b *bool) int {
	n := func(reached *bool) int {
		if reached != nil && *reached {
			return 1
		}
		return 0
	}
	return cmp.Compare(n(a), n(b))
}
