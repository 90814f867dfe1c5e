package inventory

import (
	"context"
	"slices"

	"aviary.dev/route"
)

// Overlay answers as if one object were what Now says, or gone if that is nil.
type Overlay struct {
	Reader
	ID  ID
	Now Fact
}

// replace takes the changed object out of a list and puts it back as it is now, if it belongs there.
func replace[T Fact](o Overlay, list []T, err error, belongs func(T) bool) ([]T, error) {
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(slices.Clone(list), func(f T) bool { return f.Identity() == o.ID })
	if now, ok := o.Now.(T); ok && belongs(now) {
		out = append(out, now)
	}
	return out, nil
}

// one gives the changed object if it is the one that was asked for.
func one[T Fact](o Overlay, id ID, base func() (T, error)) (T, error) {
	if o.ID == id {
		now, _ := o.Now.(T)
		return now, nil
	}
	return base()
}

// Namespace implements Reader.
func (o Overlay) Namespace(ctx context.Context, name string) (*Namespace, error) {
	return one(o, ID{KindNamespace, route.Ref{Name: name}}, func() (*Namespace, error) { return o.Reader.Namespace(ctx, name) })
}

// App implements Reader.
func (o Overlay) App(ctx context.Context, app route.Ref) ([]*Workload, error) {
	list, err := o.Reader.App(ctx, app)
	return replace(o, list, err, func(w *Workload) bool { return slices.Contains(apps(w), app) })
}

// Workload implements Reader.
func (o Overlay) Workload(ctx context.Context, id ID) (*Workload, error) {
	return one(o, id, func() (*Workload, error) { return o.Reader.Workload(ctx, id) })
}

// Workloads implements Reader.
func (o Overlay) Workloads(ctx context.Context, namespace string, labels map[string]string) ([]*Workload, error) {
	list, err := o.Reader.Workloads(ctx, namespace, labels)
	return replace(o, list, err, func(w *Workload) bool { return w.Namespace == namespace && w.Carries(labels) })
}

// Upstream implements Reader.
func (o Overlay) Upstream(ctx context.Context, ref route.Ref) (*Upstream, error) {
	return one(o, ID{"Upstream", ref}, func() (*Upstream, error) { return o.Reader.Upstream(ctx, ref) })
}

// UpstreamsInto implements Reader.
func (o Overlay) UpstreamsInto(ctx context.Context, namespace string) ([]*Upstream, error) {
	list, err := o.Reader.UpstreamsInto(ctx, namespace)
	return replace(o, list, err, func(u *Upstream) bool { return u.Service.Namespace == namespace })
}

// Service implements Reader.
func (o Overlay) Service(ctx context.Context, ref route.Ref) (*Service, error) {
	return one(o, ID{KindService, ref}, func() (*Service, error) { return o.Reader.Service(ctx, ref) })
}

// Table implements Reader.
func (o Overlay) Table(ctx context.Context, id ID) (*Table, error) {
	return one(o, id, func() (*Table, error) { return o.Reader.Table(ctx, id) })
}

// TablesTo implements Reader.
func (o Overlay) TablesTo(ctx context.Context, upstream route.Ref) ([]*Table, error) {
	list, err := o.Reader.TablesTo(ctx, upstream)
	return replace(o, list, err, func(t *Table) bool { return slices.Contains(upstreams(t), upstream) })
}

// Parents implements Reader.
func (o Overlay) Parents(ctx context.Context) ([]*Table, error) {
	list, err := o.Reader.Parents(ctx)
	return replace(o, list, err, func(t *Table) bool { return len(t.Delegates) > 0 })
}

var _ Reader = Overlay{}
