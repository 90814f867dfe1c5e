package fact

import (
	"context"

	"aviary.dev/route"
)

// Reader answers what the rules and the plan ask. A nil answer without an error is a fact: there is no such thing. An
// error means that it is not known.
type Reader interface {
	Namespace(ctx context.Context, name string) (*Namespace, error)
	// App returns the Deployments of an app that are not being deleted.
	App(ctx context.Context, app route.Ref) ([]*Workload, error)
	Workload(ctx context.Context, id route.ID) (*Workload, error)
	// Workloads returns those in the namespace whose pods carry all of the labels.
	Workloads(ctx context.Context, namespace string, labels map[string]string) ([]*Workload, error)
	// Pods returns the running Pods with these labels that no workload of another kind made, where
	// they can be asked for.
	Pods(ctx context.Context, namespace string, labels map[string]string) ([]*Workload, error)
	Service(ctx context.Context, ref route.Ref) (*Service, error)
	// ServicesRouted returns the Services in the namespace that destinations name themselves.
	ServicesRouted(ctx context.Context, namespace string) ([]*Service, error)
	Backend(ctx context.Context, id route.ID) (*Backend, error)
	// BackendsInto returns the backends whose Service is in the namespace.
	BackendsInto(ctx context.Context, namespace string) ([]*Backend, error)
	// BackendsOf returns the backends that take the Service's endpoints.
	BackendsOf(ctx context.Context, service route.Ref) ([]*Backend, error)
	Table(ctx context.Context, id route.ID) (*Table, error)
	// TablesTo returns the tables whose routes name the backend, list of destinations or Service itself, be it for a
	// mirror.
	TablesTo(ctx context.Context, backend route.ID) ([]*Table, error)
	// TablesAt returns the led tables that have one of the paths, by its key, and that keep accepts, each once. There are
	// at most so many, and the one that a request changes; 0 for all. Keep must ask nothing.
	TablesAt(ctx context.Context, paths []string, most int, keep func(*Table) bool) ([]*Table, error)
	// TablesUnder returns the led tables with such a path that keep accepts, as TablesAt does.
	TablesUnder(ctx context.Context, u Under, most int, keep func(*Table) bool) ([]*Table, error)
	// TablesLed returns the led tables that a parent may pick and that keep accepts: of at most so many, where most is not
	// 0, those of the lowest order come first, and of one order the first by name.
	TablesLed(ctx context.Context, l Led, most int, keep func(*Table) bool) ([]*Table, error)
	// Parents returns the tables that hand requests on to others.
	Parents(ctx context.Context) ([]*Table, error)
	// OfParents returns what was made of them by the maker of that key, which is kept until one changes. All decisions
	// share it, so it must not be changed either. False where nothing is kept: of a world in which a parent is another.
	OfParents(key any, make func([]*Table) any) (made any, kept bool)
	// Parent returns the one of that ID of which it is made; nil if there is none.
	Parent(id route.ID) *Table
	// RootsOf returns the roots that serve the domain, in letters of any case, or that have another one of [Entry.Keys].
	RootsOf(ctx context.Context, domain string) ([]*Table, error)
	// Cost returns what all routing objects of a namespace cost, without those of these IDs.
	Cost(ctx context.Context, namespace string, without ...route.ID) (Cost, error)
}

// Under picks tables by a path.
type Under struct {
	// Begins is what the path's key begins with: "/echo/" for what lies beneath /echo by segment. Those of regular
	// expressions begin otherwise ([route.Path.PatternsUnder]).
	Begins string
	// After: only tables with a higher order than this one; nil for all.
	After *int32
}

// Led picks tables by what a parent picks them by.
type Led struct {
	// Namespace is the tables', or [AllNamespaces].
	Namespace string
	// Labels are those that they carry.
	Labels map[string]string
	// Order is theirs; nil for any.
	Order *int32
}

// AllNamespaces stands for every namespace.
const AllNamespaces = ""

// Find returns the Service, backend or table of that name; nil if there is none.
func Find(ctx context.Context, r Reader, id route.ID) (Fact, error) {
	if id.GroupKind == ServiceKind {
		s, err := r.Service(ctx, id.Ref)
		return orNil(s), err
	}
	if b, err := r.Backend(ctx, id); b != nil || err != nil {
		return orNil(b), err
	}
	t, err := r.Table(ctx, id)
	return orNil(t), err
}

// orNil makes a nil Fact of a nil pointer.
func orNil[T any, F interface {
	*T
	Fact
}](f F) Fact {
	if f == nil {
		return nil
	}
	return f
}
