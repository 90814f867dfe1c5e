package glooworld

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// World is what Gloo sees. Tables and VirtualServices are sorted by namespace, then by name, as Gloo has them.
type World struct {
	tables    []*routeTable
	services  []*virtualService
	upstreams map[ref]*upstream
	groups    map[ref]*upstreamGroup
}

// Read reads Kubernetes objects; it leaves out those of kinds that Gloo's routes don't depend on.
func Read(objects []json.RawMessage) (World, error) {
	w := World{upstreams: map[ref]*upstream{}, groups: map[ref]*upstreamGroup{}}
	for i, raw := range objects {
		if err := w.add(raw); err != nil {
			return World{}, fmt.Errorf("object %d: %w", i, err)
		}
	}
	slices.SortFunc(w.tables, func(a, b *routeTable) int { return compareRefs(a.Metadata.ref(), b.Metadata.ref()) })
	slices.SortFunc(w.services, func(a, b *virtualService) int {
		return compareRefs(a.Metadata.ref(), b.Metadata.ref())
	})
	return w, nil
}

func compareRefs(a, b ref) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
}

func (w *World) add(raw json.RawMessage) error {
	var head object
	if err := json.Unmarshal(raw, &head); err != nil {
		return err
	}
	name := head.Metadata.ref()
	switch head.APIVersion + " " + head.Kind {
	case "gateway.solo.io/v1 RouteTable":
		return read(raw, func(t *routeTable) { w.tables = append(w.tables, t) })
	case "gateway.solo.io/v1 VirtualService":
		return read(raw, func(v *virtualService) { w.services = append(w.services, v) })
	case "gloo.solo.io/v1 Upstream":
		return read(raw, func(u *upstream) { w.upstreams[name] = u })
	case "gloo.solo.io/v1 UpstreamGroup":
		return read(raw, func(g *upstreamGroup) { w.groups[name] = g })
	}
	return nil
}

func read[T any](raw json.RawMessage, keep func(*T)) error {
	into := new(T)
	if err := json.Unmarshal(raw, into); err != nil {
		return err
	}
	keep(into)
	return nil
}

// table returns the table of a name, or nil.
func (w *World) table(name ref) *routeTable {
	for _, t := range w.tables {
		if t.Metadata.ref() == name {
			return t
		}
	}
	return nil
}
