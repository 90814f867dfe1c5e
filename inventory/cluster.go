package inventory

import (
	"context"
	"fmt"
	"reflect"

	jsonv2 "github.com/go-json-experiment/json"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"aviary.dev/dialect"
)

// Cluster is an API server as it is read, without a cache. Into is an object or a list of a kind of
// the table, or a list of Pods. An object, or a kind, that is not there is an error for which
// apierrors.IsNotFound holds.
type Cluster interface {
	Get(ctx context.Context, key types.NamespacedName, into dialect.Object) error
	List(ctx context.Context, into dialect.ObjectList, o ListOptions) error
}

// ListOptions say what of a kind is listed; the zero value is all of it.
type ListOptions struct {
	// Namespace is empty for all of them.
	Namespace string
	Labels    labels.Selector
	// Limit bounds a page, and Continue is where the one before ended.
	Limit    int64
	Continue string
}

// NewCluster reads from the API server that the configuration says. An object whose content can't be read comes without
// any, as from a watch.
func NewCluster(config *rest.Config, kinds *dialect.Kinds) (Cluster, error) {
	c := &cluster{
		scheme: kinds.Scheme(), clients: map[schema.GroupVersion]*rest.RESTClient{},
		resources: map[schema.GroupVersionKind]string{corev1.SchemeGroupVersion.WithKind("PodList"): "pods"},
	}
	codecs := codecs(kinds.Scheme())
	for _, kind := range kinds.Live() {
		version := kind.GroupVersion()
		c.resources[kind.GroupVersionKind], c.resources[version.WithKind(kind.Kind+"List")] = kind.Resource, kind.Resource
		if c.clients[version] != nil {
			continue
		}
		one, err := clientFor(config, version, codecs)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", kind.Resource, err)
		}
		c.clients[version] = one
	}
	return c, nil
}

type cluster struct {
	scheme    *runtime.Scheme
	clients   map[schema.GroupVersion]*rest.RESTClient
	resources map[schema.GroupVersionKind]string
}

// Get implements Cluster.
func (c *cluster) Get(ctx context.Context, key types.NamespacedName, into dialect.Object) error {
	r, err := c.request(into, key.Namespace)
	if err != nil {
		return err
	}
	return read(ctx, r.Name(key.Name), into)
}

// List implements Cluster.
func (c *cluster) List(ctx context.Context, into dialect.ObjectList, o ListOptions) error {
	r, err := c.request(into, o.Namespace)
	if err != nil {
		return err
	}
	options := metav1.ListOptions{Limit: o.Limit, Continue: o.Continue}
	if o.Labels != nil {
		options.LabelSelector = o.Labels.String()
	}
	return read(ctx, r.VersionedParams(&options, metav1.ParameterCodec), into)
}

func (c *cluster) request(into runtime.Object, namespace string) (*rest.Request, error) {
	kinds, _, err := c.scheme.ObjectKinds(into)
	if err != nil {
		return nil, err
	}
	resource, known := c.resources[kinds[0]]
	if !known {
		return nil, fmt.Errorf("%s is not read", kinds[0])
	}
	return c.clients[kinds[0].GroupVersion()].Get().NamespaceIfScoped(namespace, namespace != "").Resource(resource), nil
}

func read(ctx context.Context, r *rest.Request, into any) error {
	answer := r.Do(ctx)
	if err := answer.Error(); err != nil { // which has the words that Raw's lacks
		return err
	}
	text, err := answer.Raw()
	if err != nil {
		return err
	}
	if err := jsonv2.Unmarshal(text, into); err == nil {
		return nil
	}
	unreadable.Add(1)
	reflect.ValueOf(into).Elem().SetZero()
	return decodeLenient(text, into)
}
