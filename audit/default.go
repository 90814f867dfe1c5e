package audit

import (
	"maps"
	"slices"
	"time"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
)

// defaulted gives a Deployment's fact the labels and the selector that the mutating webhook would fill in.
func defaulted(w *inventory.Workload, keys convention.LabelKeys) {
	v := w.Version
	if v == nil || slices.ContainsFunc(w.Problems, func(p convention.Problem) bool {
		return p.Key == convention.KeyApp || p.Key == convention.KeyVersion
	}) {
		return
	}
	if w.Labels == nil {
		w.Labels = make(map[string]string, 2)
	}
	for key, value := range map[string]string{keys.App: v.App, keys.Version: v.Name} {
		if _, ok := w.Labels[key]; !ok {
			w.Labels[key] = value
		}
	}
	if w.Selector == nil {
		w.Selector = map[string]string{keys.App: w.Labels[keys.App], keys.Version: w.Labels[keys.Version]}
	}
}

// defaultTables labels the RouteTables from files with their Namespace's API group, where they have none.
func (s *Set) defaultTables() {
	for _, o := range s.objects {
		t, ok := o.fact.(*inventory.Table)
		if !ok || o.place.File == "" || t.Kind != gloo.KindRouteTable {
			continue
		}
		if _, labelled := t.Labels[s.keys.APIGroup]; labelled {
			continue
		}
		if ns := s.namespaces[t.Ref.Namespace]; ns != nil && len(ns.APIGroups) > 0 {
			if t.Labels = maps.Clone(t.Labels); t.Labels == nil {
				t.Labels = make(map[string]string, 1)
			}
			t.Labels[s.keys.APIGroup] = ns.APIGroups[0]
		}
	}
}

// carry gives a workload from a file what only the live one knows, as an update would keep it.
func carry(live, w *inventory.Workload) {
	w.UID, w.Available = live.UID, live.Available
	if w.Selector == nil {
		w.Selector = live.Selector
	}
	was, v := live.Version, w.Version
	if v == nil {
		return
	}
	v.UID, v.Available = live.UID, live.Available
	if was == nil {
		return
	}
	v.Created, v.Ready = was.Created, was.Ready
	if v.PromotedAt.IsZero() {
		if v.PromotedAt = was.PromotedAt; v.Role == convention.Primary && was.Role != convention.Primary {
			v.PromotedAt = time.Now()
		}
	}
	if v.WeightRaisedAt.IsZero() {
		v.WeightRaisedAt = was.WeightRaisedAt
	}
}
