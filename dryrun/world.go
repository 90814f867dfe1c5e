package dryrun

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// World holds facts of manifests as if they were applied, and of a cluster beneath them if one is
// known. Facts of the cluster are added first, manifests then, and at the end it is completed.
type World struct {
	kinds *dialect.Kinds
	// namespace is that of manifests that name none.
	namespace string
	store     *inventory.Store
	facts     fact.Reader
	interner  interner
	// beneath are the live workloads that manifests may take the place of.
	beneath map[route.ID]*fact.Workload
	// tables are those from manifests to which parents lead.
	tables []*fact.Table
	// applied: a manifest was added.
	applied bool
}

// NewWorld makes an empty world. Manifests that name no namespace are taken to be in the one given.
func NewWorld(kinds *dialect.Kinds, namespace string) *World {
	store := inventory.NewStore()
	return &World{
		kinds: kinds, namespace: namespace, store: store, facts: store, interner: newInterner(),
		beneath: map[route.ID]*fact.Workload{},
	}
}

// Facts answers what rules ask.
func (w *World) Facts() fact.Reader { return w.facts }

// AddLive adds a fact of the cluster that nothing takes the place of.
func (w *World) AddLive(f fact.Fact) {
	w.interner.fact(f)
	w.store.Put(f)
}

// AddBeneath adds a fact of the cluster over which manifests are laid.
func (w *World) AddBeneath(f fact.Fact) {
	w.AddLive(f)
	if workload, ok := f.(*fact.Workload); ok {
		w.beneath[workload.ID] = workload
	}
}

// AskForPods has the cluster asked for running Pods where no workload is deployed.
func (w *World) AskForPods(c inventory.Cluster) { w.facts = inventory.NewWithPods(w.store, c) }

// Add adds the fact of a manifest, in place of what is known of the same object.
func (w *World) Add(f fact.Fact) {
	switch f := f.(type) {
	case *fact.Workload:
		if live := w.beneath[f.ID]; live != nil {
			carry(live, f)
		}
	case *fact.Table:
		if f.Led {
			w.tables = append(w.tables, f)
		}
	}
	w.applied = true
	w.AddLive(f)
}

// defaultTables labels tables from manifests as the defaulting webhook would. It waits until all
// Namespaces are known.
func (w *World) defaultTables(ctx context.Context) error {
	for _, t := range w.tables {
		ns, err := w.store.Namespace(ctx, t.Namespace)
		if err != nil {
			return err
		}
		if ns != nil {
			t.Labels = convention.TableLabels(t.Labels, ns.APIGroups, w.kinds.Keys())
		}
	}
	return nil
}
