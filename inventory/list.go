package inventory

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/gloo"
)

// pageSize is how many objects the API server is asked for at a time.
const pageSize = 500

// Kinds are those that facts are kept of, as resources that may be listed.
func Kinds() []string {
	return []string{
		KindNamespace, KindService, KindDeployment, KindStatefulSet, KindDaemonSet,
		gloo.KindUpstream, gloo.KindUpstreamGroup, gloo.KindRouteTable, gloo.KindVirtualService,
	}
}

// List calls put with the facts of all objects of a kind, page by page; namespace "" means all. C is a client without a
// cache whose scheme is NewScheme's.
func List(ctx context.Context, c client.Reader, kind, namespace string, keys convention.LabelKeys, put func(Fact)) error {
	c = salvaging{c}
	in := client.InNamespace(namespace)
	switch kind {
	case KindNamespace:
		return pages(ctx, c, "", func(l *corev1.NamespaceList) { each(l.Items, ReadNamespace, put) })
	case KindService:
		return pages(ctx, c, in, func(l *corev1.ServiceList) { each(l.Items, ReadService, put) })
	case KindDeployment:
		return pages(ctx, c, in, func(l *convention.DeploymentList) {
			each(l.Items, func(d *convention.Deployment) *Workload {
				w := ReadWorkload(kind, d, keys)
				if w.Version != nil {
					w.Version.Compact()
				}
				return w
			}, put)
		})
	case KindStatefulSet:
		return pages(ctx, c, in, func(l *statefulSetList) {
			each(l.Items, func(s *statefulSet) *Workload { return ReadWorkload(kind, &s.Deployment, keys) }, put)
		})
	case KindDaemonSet:
		return pages(ctx, c, in, func(l *daemonSetList) {
			each(l.Items, func(s *daemonSet) *Workload { return ReadWorkload(kind, &s.Deployment, keys) }, put)
		})
	case gloo.KindUpstream:
		return pages(ctx, c, in, func(l *gloo.UpstreamList) { each(l.Items, ReadUpstream, put) })
	case gloo.KindUpstreamGroup:
		return pages(ctx, c, in, func(l *gloo.UpstreamGroupList) { each(l.Items, ReadUpstreamGroup, put) })
	case gloo.KindRouteTable:
		return pages(ctx, c, in, func(l *gloo.RouteTableList) { each(l.Items, ReadRouteTable, put) })
	}
	return pages(ctx, c, in, func(l *gloo.VirtualServiceList) { each(l.Items, ReadVirtualService, put) })
}

func pages[T any, L interface {
	*T
	client.ObjectList
}](ctx context.Context, c client.Reader, in client.InNamespace, take func(L)) error {
	for next := ""; ; {
		list := L(new(T)) // a new one, because decoding would write into the objects of the page before
		if err := c.List(ctx, list, in, client.Limit(pageSize), client.Continue(next)); err != nil {
			return err
		}
		take(list)
		if next = list.GetContinue(); next == "" {
			return nil
		}
	}
}

// each makes facts of a page. The objects are let go of: a fact holds none of a list's memory but strings and maps.
func each[O any, F Fact](items []O, read func(*O) F, put func(Fact)) {
	for i := range items {
		put(read(&items[i]))
	}
}
