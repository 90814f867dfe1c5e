package inventory

import (
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// Overlay answers as if one object were what Now says, or gone if that is nil.
type Overlay struct {
	Reader fact.Reader // not embedded, so that the compiler asks for each of its questions
	ID     route.ID
	Now    fact.Fact
}

// replace takes the changed object out of a list and puts it back as it is now, if it belongs there.
func replace[T fact.Fact](o Overlay, list []T, err error, belongs func(T) bool) ([]T, error) {
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(slices.Clone(list), func(f T) bool { return f.Identity() == o.ID })
	if now, ok := o.Now.(T); ok && belongs(now) {
		out = append(out, now)
	}
	return out, nil
}

// one returns the changed object if it is the one that was asked for.
func one[T fact.Fact](o Overlay, id route.ID, base func() (T, error)) (T, error) {
	if o.ID == id {
		now, _ := o.Now.(T)
		return now, nil
	}
	return base()
}

// Namespace implements fact.Reader.
func (o Overlay) Namespace(ctx context.Context, name string) (*fact.Namespace, error) {
	return one(o, fact.NamespaceID(name), func() (*fact.Namespace, error) { return o.Reader.Namespace(ctx, name) })
}

// App implements fact.Reader.
func (o Overlay) App(ctx context.Context, app route.Ref) ([]*fact.Workload, error) {
	list, err := o.Reader.App(ctx, app)
	return replace(o, list, err, func(w *fact.Workload) bool { return slices.Contains(apps(w), app) })
}

// Workload implements fact.Reader.
func (o Overlay) Workload(ctx context.Context, id route.ID) (*fact.Workload, error) {
	return one(o, id, func() (*fact.Workload, error) { return o.Reader.Workload(ctx, id) })
}

// Workloads implements fact.Reader.
func (o Overlay) Workloads(ctx context.Context, namespace string, labels map[string]string) ([]*fact.Workload, error) {
	list, err := o.Reader.Workloads(ctx, namespace, labels)
	return replace(o, list, err, func(w *fact.Workload) bool { return w.Namespace == namespace && w.Carries(labels) })
}

// Pods implements [fact.Reader]. The object that is changed is none: of Pods nobody is asked.
func (o Overlay) Pods(ctx context.Context, namespace string, labels map[string]string) ([]*fact.Workload, error) {
	return o.Reader.Pods(ctx, namespace, labels)
}

// Backend implements fact.Reader.
func (o Overlay) Backend(ctx context.Context, id route.ID) (*fact.Backend, error) {
	return one(o, id, func() (*fact.Backend, error) { return o.Reader.Backend(ctx, id) })
}

// Service implements fact.Reader.
func (o Overlay) Service(ctx context.Context, ref route.Ref) (*fact.Service, error) {
	id := route.ID{GroupKind: fact.ServiceKind, Ref: ref}
	return one(o, id, func() (*fact.Service, error) { return o.Reader.Service(ctx, ref) })
}

// Table implements fact.Reader.
func (o Overlay) Table(ctx context.Context, id route.ID) (*fact.Table, error) {
	return one(o, id, func() (*fact.Table, error) { return o.Reader.Table(ctx, id) })
}

// TablesTo implements fact.Reader.
func (o Overlay) TablesTo(ctx context.Context, backend route.ID) ([]*fact.Table, error) {
	list, err := o.Reader.TablesTo(ctx, backend)
	return replace(o, list, err, func(t *fact.Table) bool { return slices.Contains(backends(t), backend) })
}

// Parents implements fact.Reader.
func (o Overlay) Parents(ctx context.Context) ([]*fact.Table, error) {
	list, err := o.Reader.Parents(ctx)
	return replace(o, list, err, func(t *fact.Table) bool { return t.Parent != nil })
}

var _ fact.Reader = Overlay{}
