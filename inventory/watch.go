package inventory

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"aviary.dev/dialect"
)

// Watch keeps a store equal to the cluster. Objects become facts as they arrive and are dropped.
type Watch struct {
	reflectors []*reflector
}

// NewWatch prepares the watches of all kinds. A kind that the cluster does not serve counts as
// seen, with no objects, and is tried again for as long as the watch runs; one that may not be read
// is not known.
func NewWatch(config *rest.Config, store *Store, kinds *dialect.Kinds) (*Watch, error) {
	w := &Watch{}
	codecs, all := codecs(kinds.Scheme()), kinds.Live()
	for i := range all {
		kind := &all[i]
		c, err := clientFor(config, kind.GroupVersion(), codecs)
		if err != nil {
			return nil, fmt.Errorf("watch %s: %w", kind.Resource, err)
		}
		r := &reflector{kind: kind, store: store}
		list := cache.NewListWatchFromClient(c, kind.Resource, "", fields.Everything())
		r.reflect = cache.NewReflectorWithOptions(r.noticing(list), kind.New(), r, cache.ReflectorOptions{
			Name: kind.Resource, Backoff: backoff(),
		})
		w.reflectors = append(w.reflectors, r)
	}
	return w, nil
}

// backoff is how long to wait after each failure in a row, until two minutes have passed.
func backoff() *wait.Backoff {
	return &wait.Backoff{Duration: time.Second, Factor: 2, Jitter: .2, Steps: 5, Cap: tryAgain}
}

func clientFor(
	config *rest.Config, group schema.GroupVersion, codecs runtime.NegotiatedSerializer,
) (*rest.RESTClient, error) {
	c := rest.CopyConfig(config)
	c.GroupVersion, c.NegotiatedSerializer, c.APIPath = &group, codecs, "/apis"
	if group.Group == "" {
		c.APIPath = "/api"
	}
	return rest.RESTClientFor(c)
}

// Start runs the watches until ctx ends. Once everything was seen it returns the memory that this took to the system,
// which Go would do within minutes.
func (w *Watch) Start(ctx context.Context) error {
	for _, r := range w.reflectors {
		go r.reflect.RunWithContext(ctx)
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
	for _, r := range w.reflectors {
		if !r.synced.Load() {
			out = append(out, r.kind.Resource)
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
