package inventory

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"aviary.dev/convention"
	"aviary.dev/gloo"
)

// Watch keeps a store equal to the cluster. Objects become facts as they arrive and are dropped.
type Watch struct {
	feeds []*feed
}

// NewWatch prepares the watches of all kinds that facts are kept of. A kind that the cluster does not serve counts as
// seen, with no objects, and is tried again for as long as the watch runs; one that may not be read is not known.
func NewWatch(config *rest.Config, store *Store, keys convention.LabelKeys) (*Watch, error) {
	w := &Watch{feeds: []*feed{
		{kind: KindDeployment, group: appsGroup, resource: "deployments", example: &convention.Deployment{}, read: func(o any) Fact {
			d := o.(*convention.Deployment)
			f := ReadWorkload(KindDeployment, d, keys)
			if f.Version != nil {
				f.Version.Compact()
			}
			return f
		}},
		{kind: KindStatefulSet, group: appsGroup, resource: "statefulsets", example: &statefulSet{}, read: func(o any) Fact {
			return ReadWorkload(KindStatefulSet, &o.(*statefulSet).Deployment, keys)
		}},
		{kind: KindDaemonSet, group: appsGroup, resource: "daemonsets", example: &daemonSet{}, read: func(o any) Fact {
			return ReadWorkload(KindDaemonSet, &o.(*daemonSet).Deployment, keys)
		}},
		{kind: KindService, group: corev1.SchemeGroupVersion, resource: "services", example: &corev1.Service{}, read: func(o any) Fact {
			return ReadService(o.(*corev1.Service))
		}},
		{kind: KindNamespace, group: corev1.SchemeGroupVersion, resource: "namespaces", example: &corev1.Namespace{}, read: func(o any) Fact {
			return ReadNamespace(o.(*corev1.Namespace))
		}},
		{kind: gloo.KindRouteTable, group: gloo.GatewayGroup, resource: "routetables", example: &gloo.RouteTable{}, read: func(o any) Fact {
			return ReadRouteTable(o.(*gloo.RouteTable))
		}},
		{kind: gloo.KindVirtualService, group: gloo.GatewayGroup, resource: "virtualservices", example: &gloo.VirtualService{}, read: func(o any) Fact {
			return ReadVirtualService(o.(*gloo.VirtualService))
		}},
		{kind: gloo.KindUpstream, group: gloo.GlooGroup, resource: "upstreams", example: &gloo.Upstream{}, read: func(o any) Fact {
			return ReadUpstream(o.(*gloo.Upstream))
		}},
		{kind: gloo.KindUpstreamGroup, group: gloo.GlooGroup, resource: "upstreamgroups", example: &gloo.UpstreamGroup{}, read: func(o any) Fact {
			return ReadUpstreamGroup(o.(*gloo.UpstreamGroup))
		}},
	}}
	codecs := codecs(NewScheme())
	for _, f := range w.feeds {
		c, err := clientFor(config, f.group, codecs)
		if err != nil {
			return nil, fmt.Errorf("watch %s: %w", f.resource, err)
		}
		f.store = store
		list := cache.NewListWatchFromClient(c, f.resource, "", fields.Everything())
		f.reflect = cache.NewReflectorWithOptions(f.noticing(list), f.example, f, cache.ReflectorOptions{
			Name: f.resource, Backoff: &wait.Backoff{Duration: time.Second, Factor: 2, Jitter: .2, Steps: 5, Cap: tryAgain},
		})
	}
	return w, nil
}

func clientFor(config *rest.Config, group schema.GroupVersion, codecs runtime.NegotiatedSerializer) (*rest.RESTClient, error) {
	c := rest.CopyConfig(config)
	c.GroupVersion, c.NegotiatedSerializer, c.APIPath = &group, codecs, "/apis"
	if group.Group == "" {
		c.APIPath = "/api"
	}
	return rest.RESTClientFor(c)
}

// Start runs the watches until ctx ends. Once everything was seen it gives the memory that this took back to the system,
// which Go would do within minutes.
func (w *Watch) Start(ctx context.Context) error {
	for _, f := range w.feeds {
		go f.reflect.RunWithContext(ctx)
	}
	if w.WaitForSync(ctx) == nil {
		debug.FreeOSMemory()
	}
	<-ctx.Done()
	return nil
}

// NeedLeaderElection makes the manager run the watches on every replica.
func (w *Watch) NeedLeaderElection() bool { return false }

// Unsynced names the kinds of which not all objects have been seen yet.
func (w *Watch) Unsynced() []string {
	var out []string
	for _, f := range w.feeds {
		if !f.synced.Load() {
			out = append(out, f.resource)
		}
	}
	return out
}

// WaitForSync waits until all objects of all kinds have been seen once, or ctx ends.
func (w *Watch) WaitForSync(ctx context.Context) error {
	return wait.PollUntilContextCancel(ctx, 20*time.Millisecond, true, func(context.Context) (bool, error) {
		return len(w.Unsynced()) == 0, nil
	})
}
