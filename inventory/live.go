package inventory

import (
	"context"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Live answers from the API server itself: a GET of each object that is asked for, a LIST of the namespace where an
// absence must be proved. Each question is asked once, so one Live serves one decision.
//
// What points at a backend can't be asked of the API server; there the hints' index names candidates, and each is read.
type Live struct {
	cluster Cluster
	kinds   *dialect.Kinds
	hints   fact.Reader

	pods  map[string][]*fact.Workload
	seen  map[route.ID]fact.Fact
	lists map[listKey][]fact.Fact
}

// listKey is what was listed: the kinds of some roles in a namespace.
type listKey struct {
	what      listing
	namespace string
}

// listing is which kinds are listed together.
type listing uint8

const (
	tableKinds listing = iota
	backendKinds
	workloadKinds
)

func (l listing) has(role dialect.Role) bool {
	switch l {
	case tableKinds:
		return role.Routes()
	case backendKinds:
		return role == dialect.Backend
	case workloadKinds:
		return role == dialect.Workload
	}
	return false
}

// NewLive makes a Live that asks c.
func NewLive(c Cluster, kinds *dialect.Kinds, hints fact.Reader) *Live {
	return &Live{
		cluster: c, kinds: kinds, hints: hints,
		pods: map[string][]*fact.Workload{}, seen: map[route.ID]fact.Fact{}, lists: map[listKey][]fact.Fact{},
	}
}

// find GETs one object; a missing object, or kind, is nil, and so is one whose fact is no T.
func find[T fact.Fact](ctx context.Context, l *Live, id route.ID) (T, error) {
	var none T
	if f, ok := l.seen[id]; ok {
		out, _ := f.(T)
		return out, nil
	}
	kind := l.kinds.Of(id.GroupKind)
	if kind == nil {
		return none, nil
	}
	o := kind.New()
	err := l.cluster.Get(ctx, types.NamespacedName(id.Ref), o)
	switch {
	case err != nil && absent(err):
		l.seen[id] = nil
		return none, nil
	case err != nil:
		return none, err
	}
	f := kind.Fact(o)
	l.seen[id] = f
	out, _ := f.(T)
	return out, nil
}

// listed lists the objects of a namespace, once, and remembers them.
func (l *Live) listed(ctx context.Context, what listing, namespace string) ([]fact.Fact, error) {
	key := listKey{what, namespace}
	if out, ok := l.lists[key]; ok {
		return out, nil
	}
	out := []fact.Fact{}
	for _, kind := range l.kinds.Live() {
		if !what.has(kind.Role) {
			continue
		}
		list := kind.NewList()
		err := l.cluster.List(ctx, list, ListOptions{Namespace: namespace})
		if kind.Group != fact.DeploymentKind.Group && absent(err) {
			continue
		}
		if err == nil {
			err = meta.EachListItem(list, func(o runtime.Object) error {
				f := compacted(kind.Fact(o.(dialect.Object)))
				l.seen[f.Identity()] = f
				out = append(out, f)
				return nil
			})
		}
		if err != nil {
			return nil, err
		}
	}
	l.lists[key] = out
	return out, nil
}

// compacted drops what a fact needs only while a request is judged.
func compacted(f fact.Fact) fact.Fact {
	if w, ok := f.(*fact.Workload); ok && w.Version != nil {
		w.Version.Compact()
	}
	return f
}

// named returns the ids of both, each once.
func named[F fact.Fact](own []fact.Fact, hints []F) []route.ID {
	ids := make([]route.ID, 0, len(own)+len(hints))
	seen := make(map[route.ID]struct{}, len(own)+len(hints))
	add := func(id route.ID) {
		if _, ok := seen[id]; !ok {
			seen[id] = struct{}{}
			ids = append(ids, id)
		}
	}
	for _, f := range own {
		add(f.Identity())
	}
	for _, f := range hints {
		add(f.Identity())
	}
	return ids
}

// Namespace implements fact.Reader.
func (l *Live) Namespace(ctx context.Context, name string) (*fact.Namespace, error) {
	return find[*fact.Namespace](ctx, l, fact.NamespaceID(name))
}

// App implements fact.Reader.
func (l *Live) App(ctx context.Context, app route.Ref) ([]*fact.Workload, error) {
	return l.workloads(ctx, app.Namespace, func(w *fact.Workload) bool { return slices.Contains(apps(w), app) })
}

// Workload implements fact.Reader.
func (l *Live) Workload(ctx context.Context, id route.ID) (*fact.Workload, error) {
	all, err := l.workloads(ctx, id.Namespace, func(w *fact.Workload) bool { return w.ID == id })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

func (l *Live) workloads(
	ctx context.Context, namespace string, wanted func(*fact.Workload) bool,
) ([]*fact.Workload, error) {
	all, err := l.listed(ctx, workloadKinds, namespace)
	var out []*fact.Workload
	for _, f := range all {
		if w := f.(*fact.Workload); wanted(w) {
			out = append(out, w)
		}
	}
	return out, err
}

// Backend implements fact.Reader.
func (l *Live) Backend(ctx context.Context, id route.ID) (*fact.Backend, error) {
	if kind := l.kinds.Of(id.GroupKind); kind == nil || kind.Role != dialect.Backend {
		return nil, nil
	}
	return find[*fact.Backend](ctx, l, id)
}

// Service implements fact.Reader.
func (l *Live) Service(ctx context.Context, ref route.Ref) (*fact.Service, error) {
	return find[*fact.Service](ctx, l, route.ID{GroupKind: fact.ServiceKind, Ref: ref})
}

// Table implements fact.Reader.
func (l *Live) Table(ctx context.Context, id route.ID) (*fact.Table, error) {
	return find[*fact.Table](ctx, l, id)
}

// TablesIn returns the objects with routes of a namespace.
func (l *Live) TablesIn(ctx context.Context, namespace string) ([]*fact.Table, error) {
	all, err := l.listed(ctx, tableKinds, namespace)
	out := make([]*fact.Table, 0, len(all))
	for _, f := range all {
		if t, ok := f.(*fact.Table); ok {
			out = append(out, t)
		}
	}
	return out, err
}

// maxHints bounds how many tables of other namespaces are read one by one: whoever may write tables may write thousands
// that name another team's backend. Those after them are taken as the hints have them.
const maxHints = 50

// TablesTo implements fact.Reader: the backend's own namespace by LIST, others where the hints say so.
func (l *Live) TablesTo(ctx context.Context, backend route.ID) ([]*fact.Table, error) {
	hints, err := l.hints.TablesTo(ctx, backend)
	if err != nil {
		return nil, err
	}
	own, err := l.listed(ctx, tableKinds, backend.Namespace)
	if err != nil {
		return nil, err
	}
	read, rest := nearHints(hints, backend.Namespace)
	var out []*fact.Table
	for _, id := range named(own, read) {
		t, err := l.Table(ctx, id)
		if err != nil {
			return nil, err
		}
		if t != nil && slices.Contains(backends(t), backend) {
			out = append(out, t)
		}
	}
	return append(out, rest...), nil
}

// nearHints are those of a namespace and the first of others; and what is left.
func nearHints(hints []*fact.Table, namespace string) (near, rest []*fact.Table) {
	far := 0
	for _, t := range hints {
		if t.Namespace != namespace {
			far++
		}
		if t.Namespace == namespace || far <= maxHints {
			near = append(near, t)
		} else {
			rest = append(rest, t)
		}
	}
	return near, rest
}

// Parents implements fact.Reader, from the hints: they are the platform team's and seldom change.
func (l *Live) Parents(ctx context.Context) ([]*fact.Table, error) { return l.hints.Parents(ctx) }

var _ fact.Reader = (*Live)(nil)

// absent reports whether the cluster does not serve the kind, or has no such object.
func absent(err error) bool { return apierrors.IsNotFound(err) || meta.IsNoMatchError(err) }

// NotServed tells a kind that is not installed, or was removed since: the API server then answers
// as for any path that it does not know, and not about an object.
func NotServed(err error) bool {
	return meta.IsNoMatchError(err) ||
		apierrors.IsNotFound(err) && apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}
