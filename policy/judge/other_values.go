package judge

import (
	"context"
	"iter"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// otherValues returns, of each of the backend's subset keys that a selector has, another value by which a route picks
// pods there: the least.
func (d *decision) otherValues(
	ctx context.Context, b *fact.Backend, selector map[string]string,
) (map[string]string, error) {
	var selected []string
	for _, keys := range b.SubsetKeys {
		for _, key := range keys {
			if _, ok := selector[key]; ok {
				selected = append(selected, key)
			}
		}
	}
	if len(selected) == 0 {
		return nil, nil
	}
	tables, err := d.holding(ctx, b.ID)
	out := map[string]string{}
	for labels := range picked(tables, b.ID) {
		for _, key := range selected {
			value, named := labels[key]
			if known, ok := out[key]; named && value != selector[key] && (!ok || value < known) {
				out[key] = value
			}
		}
	}
	return out, err
}

// picked are the labels by which the tables' routes pick pods of a backend.
func picked(tables []*fact.Table, id route.ID) iter.Seq[map[string]string] {
	return func(yield func(map[string]string) bool) {
		for _, t := range tables {
			for _, r := range t.Routes {
				for _, to := range r.Destinations {
					if to.Backend != nil && to.Backend.ID == id && !yield(to.Backend.Labels) {
						return
					}
				}
			}
		}
	}
}
