package audit

import (
	"hash/maphash"
	"maps"

	"aviary.dev/inventory"
)

// sharer lets facts share label maps that are equal: an app's Service, Upstream and Deployments name the same labels over
// and over, and the maps are half of what a fact weighs. Facts are never changed, so nobody notices.
type sharer struct {
	seed maphash.Seed
	seen map[uint64]map[string]string
}

func newSharer() sharer {
	return sharer{seed: maphash.MakeSeed(), seen: map[uint64]map[string]string{}}
}

func (s sharer) labels(m map[string]string) map[string]string {
	if len(m) == 0 {
		return m
	}
	var sum uint64 // does not depend on the order of a map
	for k, v := range m {
		sum += maphash.Comparable(s.seed, [2]string{k, v})
	}
	if same, ok := s.seen[sum]; ok {
		if maps.Equal(same, m) {
			return same
		}
		return m
	}
	s.seen[sum] = m
	return m
}

func (s sharer) fact(f inventory.Fact) {
	switch f := f.(type) {
	case *inventory.Workload:
		f.Labels, f.Selector = s.labels(f.Labels), s.labels(f.Selector)
	case *inventory.Service:
		f.Selector = s.labels(f.Selector)
	case *inventory.Upstream:
		f.Selector = s.labels(f.Selector)
	case *inventory.Table:
		f.Labels = s.labels(f.Labels)
		for i := range f.Routes {
			for k := range f.Routes[i].Destinations {
				d := &f.Routes[i].Destinations[k]
				d.Subset = s.labels(d.Subset)
			}
		}
	}
}
