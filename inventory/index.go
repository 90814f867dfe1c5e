package inventory

import (
	"iter"
	"maps"
)

// index finds values by a key of theirs; a value may stand under several. No value is the zero one.
type index[K comparable, V comparable] map[K]members[V]

// members are the values under a key. Most keys have one, for which a map would weigh ten times as much.
type members[V comparable] struct {
	one  V
	more map[V]struct{} // all of them, where there are several
}

func (x index[K, V]) add(v V, keys []K) {
	var none V
	for _, k := range keys {
		m := x[k]
		switch {
		case m.more != nil:
			m.more[v] = struct{}{}
		case m.one == none || m.one == v:
			x[k] = members[V]{one: v}
		default:
			x[k] = members[V]{more: map[V]struct{}{m.one: {}, v: {}}}
		}
	}
}

func (x index[K, V]) remove(v V, keys []K) {
	for _, k := range keys {
		m := x[k]
		if m.one == v {
			delete(x, k)
		}
		if delete(m.more, v); m.more != nil && len(m.more) == 0 {
			delete(x, k)
		}
	}
}

// all returns the values under a key, in no order.
func (x index[K, V]) all(k K) iter.Seq[V] {
	m, has := x[k]
	if m.more != nil || !has {
		return maps.Keys(m.more)
	}
	return func(yield func(V) bool) { yield(m.one) }
}

func (x index[K, V]) count(k K) int {
	m, has := x[k]
	if m.more != nil || !has {
		return len(m.more)
	}
	return 1
}

// list returns the values under a key, in no order.
func (x index[K, V]) list(k K) []V {
	out := make([]V, 0, x.count(k))
	for v := range x.all(k) {
		out = append(out, v)
	}
	return out
}
