package inventory

import (
	"context"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/cache"

	"aviary.dev/dialect"
	"aviary.dev/fact"
)

const (
	// tryAgain is the longest pause after a failure, so that changes are seen soon after the API server is back.
	tryAgain = 3 * time.Second
	// unserved is by how much more each further pause is longer before a kind is tried again that the cluster does not
	// serve, and maxUnserved at most: it may never serve it.
	unserved, maxUnserved = 3 * time.Second, 12 * time.Second
)

// reflector is a client-go reflector's store for one kind: what arrives becomes a fact.
type reflector struct {
	kind    *dialect.Kind
	store   *Store
	synced  atomic.Bool
	reflect *cache.Reflector
	// misses are how often in a row the cluster did not serve the kind.
	misses int
}

// Transformer implements cache.TransformingStore: until all objects have arrived for the first time client-go holds
// them itself, and then hands them to Replace. Whole objects would be several times as large as all facts.
func (r *reflector) Transformer() cache.TransformFunc {
	return func(o any) (any, error) { return r.read(o), nil }
}

// read makes the fact of an object, unless it is one.
func (r *reflector) read(o any) fact.Fact {
	if f, ok := o.(fact.Fact); ok {
		return f
	}
	return compacted(r.kind.Fact(o.(dialect.Object)))
}

// noticing makes an empty kind of one that the cluster does not serve: there are no such objects, and that is known. A
// kind that went away, with its CRD, loses its facts. The reflector asks one list after the other.
func (r *reflector) noticing(list *cache.ListWatch) *cache.ListWatch {
	ask := list.ListWithContextFunc
	list.ListWithContextFunc = func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		out, err := ask(ctx, options)
		if !apierrors.IsNotFound(err) {
			r.misses = 0
			return out, err
		}
		_ = r.Replace(nil, "")
		wait := min(time.Duration(r.misses)*unserved, maxUnserved)
		r.misses++
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
		return out, err
	}
	return list
}

var _ cache.TransformingStore = (*reflector)(nil)

// Add implements cache.ReflectorStore.
func (r *reflector) Add(o any) error { r.store.Put(r.read(o)); return nil }

// Update implements cache.ReflectorStore.
func (r *reflector) Update(o any) error { r.store.Put(r.read(o)); return nil }

// Delete implements cache.ReflectorStore.
func (r *reflector) Delete(o any) error { r.store.Remove(r.read(o).Identity()); return nil }

// Replace implements cache.ReflectorStore.
func (r *reflector) Replace(list []any, _ string) error {
	facts := make([]fact.Fact, len(list))
	for i, o := range list {
		facts[i] = r.read(o)
	}
	r.store.Replace(r.kind.GroupKind(), facts)
	r.synced.Store(true)
	return nil
}

// Resync implements cache.ReflectorStore; there is nothing to repeat.
func (r *reflector) Resync() error { return nil }
