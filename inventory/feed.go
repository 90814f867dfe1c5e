package inventory

import (
	"context"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/cache"
)

// tryAgain is the longest pause before a kind is tried again that the cluster did not serve.
const tryAgain = 15 * time.Second

// feed is a client-go reflector's store for one kind: what arrives becomes a fact.
type feed struct {
	kind     string
	group    schema.GroupVersion
	resource string
	example  runtime.Object
	read     func(any) Fact
	store    *Store
	synced   atomic.Bool
	reflect  *cache.Reflector
}

// noticing makes an empty kind of one that the cluster does not serve: there are no such objects, and that is known. A
// kind that went away, with its CRD, loses its facts.
func (f *feed) noticing(list *cache.ListWatch) *cache.ListWatch {
	ask := list.ListWithContextFunc
	list.ListWithContextFunc = func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		out, err := ask(ctx, options)
		if apierrors.IsNotFound(err) {
			_ = f.Replace(nil, "")
		}
		return out, err
	}
	return list
}

// Add implements cache.ReflectorStore.
func (f *feed) Add(o any) error { f.store.Put(f.read(o)); return nil }

// Update implements cache.ReflectorStore.
func (f *feed) Update(o any) error { f.store.Put(f.read(o)); return nil }

// Delete implements cache.ReflectorStore.
func (f *feed) Delete(o any) error { f.store.Remove(f.read(o).Identity()); return nil }

// Replace implements cache.ReflectorStore.
func (f *feed) Replace(list []any, _ string) error {
	facts := make([]Fact, len(list))
	for i, o := range list {
		facts[i] = f.read(o)
	}
	f.store.Replace(f.kind, facts)
	f.synced.Store(true)
	return nil
}

// Resync implements cache.ReflectorStore; there is nothing to repeat.
func (f *feed) Resync() error { return nil }
