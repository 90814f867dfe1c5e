package inventory

// index finds values by a key of theirs; a value may stand under several.
type index[K comparable, V comparable] map[K]map[V]struct{}

func (x index[K, V]) add(v V, keys []K) {
	for _, k := range keys {
		if x[k] == nil {
			x[k] = make(map[V]struct{}, 1)
		}
		x[k][v] = struct{}{}
	}
}

func (x index[K, V]) remove(v V, keys []K) {
	for _, k := range keys {
		if delete(x[k], v); len(x[k]) == 0 {
			delete(x, k)
		}
	}
}

// list gives the values under a key, in no order.
func (x index[K, V]) list(k K) []V {
	out := make([]V, 0, len(x[k]))
	for v := range x[k] {
		out = append(out, v)
	}
	return out
}
