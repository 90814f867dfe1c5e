package dryrun

import (
	"hash/maphash"
	"maps"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// interner lets facts share label maps that are equal: an app's objects name the same labels over and
// over, and the maps are half of what a fact weighs. Facts are never changed, so nobody notices.
type interner struct {
	seed maphash.Seed
	seen map[uint64]map[string]string
}

func newInterner() interner {
	return interner{seed: maphash.MakeSeed(), seen: map[uint64]map[string]string{}}
}

func (in interner) labels(m map[string]string) map[string]string {
	if len(m) == 0 {
		return m
	}
	var sum uint64 // does not depend on the order of a map
	for k, v := range m {
		sum += maphash.Comparable(in.seed, [2]string{k, v})
	}
	if same, ok := in.seen[sum]; ok {
		if maps.Equal(same, m) {
			return same
		}
		return m
	}
	in.seen[sum] = m
	return m
}

func (in interner) fact(f fact.Fact) {
	switch f := f.(type) {
	case *fact.Workload:
		f.Labels, f.Selector = in.labels(f.Labels), in.labels(f.Selector)
	case *fact.Service:
		f.Selector = in.labels(f.Selector)
	case *fact.Backend:
		f.Selector = in.labels(f.Selector)
	case *fact.Table:
		f.Labels = in.labels(f.Labels)
		for i := range f.Routes {
			in.destinations(f.Routes[i].Destinations)
		}
	}
}

// destinations of one table share their backends, which nobody else has seen yet.
func (in interner) destinations(list []route.Destination) {
	for _, d := range list {
		if d.Backend != nil {
			d.Backend.Labels = in.labels(d.Backend.Labels)
		}
	}
}
