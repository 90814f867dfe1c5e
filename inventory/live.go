package inventory

import (
	"context"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/route"
)

// Live answers from the API server itself: a GET of each object that is asked for, a LIST of the namespace where an
// absence must be proved. Each question is asked once, so one Live serves one decision.
//
// What points at an Upstream can't be asked of the API server; there the hints' index names candidates, and each is read.
type Live struct {
	client client.Reader
	keys   convention.LabelKeys
	hints  Reader

	workloads map[string][]*Workload
	pods      map[string][]*Workload
	seen      map[ID]Fact
	listed    map[string]map[ID]struct{}
}

// NewLive makes a Live that asks c, a client without a cache whose scheme is NewScheme's.
func NewLive(c client.Reader, keys convention.LabelKeys, hints Reader) *Live {
	return &Live{client: salvaging{c}, keys: keys, hints: hints, workloads: map[string][]*Workload{}, pods: map[string][]*Workload{}, seen: map[ID]Fact{}, listed: map[string]map[ID]struct{}{}}
}

// read GETs one object; a missing object, or kind, is nil.
func read[O client.Object, T Fact](ctx context.Context, l *Live, id ID, into O, fact func(O) T) (T, error) {
	if f, ok := l.seen[id]; ok {
		out, _ := f.(T)
		return out, nil
	}
	var none T
	err := l.client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, into)
	switch {
	case err != nil && absent(err):
		l.seen[id] = nil
		return none, nil
	case err != nil:
		return none, err
	}
	f := fact(into)
	l.seen[id] = f
	return f, nil
}

// Namespace implements Reader.
func (l *Live) Namespace(ctx context.Context, name string) (*Namespace, error) {
	return read(ctx, l, ID{KindNamespace, route.Ref{Name: name}}, &corev1.Namespace{}, ReadNamespace)
}

// App implements Reader.
func (l *Live) App(ctx context.Context, app route.Ref) ([]*Workload, error) {
	all, err := l.all(ctx, app.Namespace)
	return slices.DeleteFunc(slices.Clone(all), func(w *Workload) bool { return !slices.Contains(apps(w), app) }), err
}

// Workload implements Reader.
func (l *Live) Workload(ctx context.Context, id ID) (*Workload, error) {
	all, err := l.all(ctx, id.Namespace)
	for _, w := range all {
		if w.ID == id {
			return w, err
		}
	}
	return nil, err
}

// Workloads implements Reader. Where no workload is deployed, running Pods of other controllers count.
func (l *Live) Workloads(ctx context.Context, namespace string, want map[string]string) ([]*Workload, error) {
	all, err := l.all(ctx, namespace)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(slices.Clone(all), func(w *Workload) bool { return !w.Carries(want) })
	if slices.ContainsFunc(out, (*Workload).Deployed) {
		return out, nil
	}
	pods, err := l.Pods(ctx, namespace, want)
	return append(out, pods...), err
}

// Pods implements Reader.
func (l *Live) Pods(ctx context.Context, namespace string, want map[string]string) ([]*Workload, error) {
	key := namespace + " " + labels.SelectorFromSet(want).String()
	if out, ok := l.pods[key]; ok {
		return out, nil
	}
	out, err := RunningPods(ctx, l.client, namespace, want)
	if err == nil {
		l.pods[key] = out
	}
	return out, err
}

// RunningPods gives the running Pods with these labels that no workload of another kind made, see [ReadPod].
func RunningPods(ctx context.Context, c client.Reader, namespace string, want map[string]string) ([]*Workload, error) {
	var pods corev1.PodList
	if err := c.List(ctx, &pods, client.InNamespace(namespace), client.MatchingLabelsSelector{Selector: labels.SelectorFromSet(want)}); err != nil {
		return nil, err
	}
	var out []*Workload
	for i := range pods.Items {
		if w := ReadPod(&pods.Items[i]); w != nil {
			out = append(out, w)
		}
	}
	return out, nil
}

// all gives the namespace's workloads.
func (l *Live) all(ctx context.Context, namespace string) ([]*Workload, error) {
	if out, ok := l.workloads[namespace]; ok {
		return out, nil
	}
	var deployments convention.DeploymentList
	var statefulSets statefulSetList
	var daemonSets daemonSetList
	for _, list := range []client.ObjectList{&deployments, &statefulSets, &daemonSets} {
		if err := l.client.List(ctx, list, client.InNamespace(namespace)); err != nil {
			return nil, err
		}
	}
	out := []*Workload{}
	for i := range deployments.Items {
		d := &deployments.Items[i]
		w := ReadWorkload(KindDeployment, d, l.keys)
		if w.Version != nil {
			w.Version.Compact()
		}
		out = append(out, w)
	}
	for i := range statefulSets.Items {
		out = append(out, ReadWorkload(KindStatefulSet, &statefulSets.Items[i].Deployment, l.keys))
	}
	for i := range daemonSets.Items {
		out = append(out, ReadWorkload(KindDaemonSet, &daemonSets.Items[i].Deployment, l.keys))
	}
	l.workloads[namespace] = out
	return out, nil
}

// Upstream implements Reader.
func (l *Live) Upstream(ctx context.Context, ref route.Ref) (*Upstream, error) {
	return read(ctx, l, ID{gloo.KindUpstream, ref}, &gloo.Upstream{}, ReadUpstream)
}

// UpstreamsInto implements Reader.
func (l *Live) UpstreamsInto(ctx context.Context, namespace string) ([]*Upstream, error) {
	var own gloo.UpstreamList
	if err := l.client.List(ctx, &own, client.InNamespace(namespace)); err != nil && !absent(err) {
		return nil, err
	}
	refs := map[route.Ref]struct{}{}
	for i := range own.Items {
		u := ReadUpstream(&own.Items[i])
		l.seen[u.Identity()] = u
		refs[u.Ref] = struct{}{}
	}
	hints, err := l.hints.UpstreamsInto(ctx, namespace)
	if err != nil {
		return nil, err
	}
	for _, u := range hints {
		refs[u.Ref] = struct{}{}
	}
	var out []*Upstream
	for ref := range refs {
		u, err := l.Upstream(ctx, ref)
		if err != nil {
			return nil, err
		}
		if u != nil && u.Service.Namespace == namespace {
			out = append(out, u)
		}
	}
	return out, nil
}

// Service implements Reader.
func (l *Live) Service(ctx context.Context, ref route.Ref) (*Service, error) {
	return read(ctx, l, ID{KindService, ref}, &corev1.Service{}, ReadService)
}

// Table implements Reader.
func (l *Live) Table(ctx context.Context, id ID) (*Table, error) {
	switch id.Kind {
	case gloo.KindRouteTable:
		return read(ctx, l, id, &gloo.RouteTable{}, ReadRouteTable)
	case gloo.KindVirtualService:
		return read(ctx, l, id, &gloo.VirtualService{}, ReadVirtualService)
	}
	return read(ctx, l, id, &gloo.UpstreamGroup{}, ReadUpstreamGroup)
}

// TablesTo implements Reader: the Upstream's own namespace by LIST, others where the hints say so.
func (l *Live) TablesTo(ctx context.Context, upstream route.Ref) ([]*Table, error) {
	hints, err := l.hints.TablesTo(ctx, upstream)
	if err != nil {
		return nil, err
	}
	return l.tables(ctx, upstream.Namespace, hints, func(t *Table) bool { return slices.Contains(upstreams(t), upstream) })
}

// list lists the namespace's routing objects, once, and remembers them.
func (l *Live) list(ctx context.Context, namespace string) (map[ID]struct{}, error) {
	if ids, ok := l.listed[namespace]; ok {
		return ids, nil
	}
	var tables gloo.RouteTableList
	var services gloo.VirtualServiceList
	var groups gloo.UpstreamGroupList
	for _, list := range []client.ObjectList{&tables, &services, &groups} {
		if err := l.client.List(ctx, list, client.InNamespace(namespace)); err != nil && !absent(err) {
			return nil, err
		}
	}
	ids := map[ID]struct{}{}
	remember := func(t *Table) {
		l.seen[t.Identity()] = t
		ids[t.Identity()] = struct{}{}
	}
	for i := range tables.Items {
		remember(ReadRouteTable(&tables.Items[i]))
	}
	for i := range services.Items {
		remember(ReadVirtualService(&services.Items[i]))
	}
	for i := range groups.Items {
		remember(ReadUpstreamGroup(&groups.Items[i]))
	}
	l.listed[namespace] = ids
	return ids, nil
}

// absent reports whether the cluster does not serve the kind, or has no such object.
func absent(err error) bool { return apierrors.IsNotFound(err) || meta.IsNoMatchError(err) }

// Parents implements Reader, from the hints: they are the platform team's and seldom change.
func (l *Live) Parents(ctx context.Context) ([]*Table, error) { return l.hints.Parents(ctx) }

var _ Reader = (*Live)(nil)
