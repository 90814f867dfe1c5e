package expander

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

var (
	echo           = route.Ref{Namespace: "n", Name: "echo"}
	serviceKind    = fact.ServiceKind.WithVersion("v1")
	deploymentKind = fact.DeploymentKind.WithVersion("v1")
)

// cluster is a small API server, an expander of the app echo beside it, and what it says.
type cluster struct {
	t *testing.T
	client.WithWatch
	// plain refuses nothing.
	plain client.WithWatch
	*Expander
	said *recorder
	// refuse returns what a write is refused with; nil for nothing.
	refuse func(verb string, o client.Object) error
	// later is how far the expander's clock is ahead.
	later time.Duration
	// exempt: the webhooks leave the app's namespace out.
	exempt bool
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	kinds := glootest.Kinds()
	c := &cluster{t: t, said: &recorder{t: t, notes: map[string]string{}}, refuse: nothingFails}
	builder := fake.NewClientBuilder().WithScheme(kinds.Scheme()).WithReturnManagedFields()
	c.plain = builder.Build()
	c.WithWatch = interceptor.NewClient(c.plain, interceptor.Funcs{
		Create: func(ctx context.Context, w client.WithWatch, o client.Object, opts ...client.CreateOption) error {
			if err := c.refuse("create", o); err != nil {
				return err
			}
			return w.Create(ctx, o, opts...)
		},
		Update: func(ctx context.Context, w client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
			if err := c.refuse("update", o); err != nil {
				return err
			}
			return w.Update(ctx, o, opts...)
		},
		Delete: func(ctx context.Context, w client.WithWatch, o client.Object, opts ...client.DeleteOption) error {
			if err := c.refuse("delete", o); err != nil {
				return err
			}
			return w.Delete(ctx, o, opts...)
		},
	})
	c.Expander = &Expander{
		Client: c.WithWatch, Kinds: kinds, Store: inventory.NewStore(), Events: c.said,
		Now:  func() time.Time { return time.Now().Add(c.later) },
		apps: map[route.Ref]*memory{}, contests: newContests(),
		Exempt: func(namespace string) bool { return c.exempt && namespace == "n" },
		Behaviour: func() Behaviour {
			return Behaviour{Settings: convention.Settings{Keys: kinds.Keys(), APIGroup: "example", Port: 80}}
		},
	}
	return c
}

// version has a Deployment of echo stand, and the watch show it.
func (c *cluster) version(name string, annotations string) {
	c.t.Helper()
	object := `{"apiVersion":"apps/v1","kind":"Deployment",
"metadata":{"name":"echo-` + name + `","namespace":"n","uid":"` + name + `",
"annotations":{"aviary.dev/app":"echo",` + annotations + `}},
"spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"echo","version":"` + name + `"}},
"spec":{"containers":[{"ports":[{"containerPort":8080}]}]}}},
"status":{"availableReplicas":1}}`
	f, err := c.Kinds.Decode(fact.DeploymentKind, []byte(object))
	if err != nil {
		c.t.Fatal(err)
	}
	c.Store.Put(f)
	if err := c.plain.Create(c.t.Context(), asObject(c.t, object)); client.IgnoreAlreadyExists(err) != nil {
		c.t.Fatal(err)
	}
}

func (c *cluster) without(version string) {
	c.Store.Remove(route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: "n", Name: "echo-" + version}})
}

// reconcile does so once, and lets the watch catch up.
func (c *cluster) reconcile() (reconcile.Result, error) {
	c.t.Helper()
	result, err := c.Reconcile(c.t.Context(), echo)
	c.catchUp()
	return result, err
}

// catchUp has the watch show what stands.
func (c *cluster) catchUp() {
	c.t.Helper()
	for _, kind := range c.Kinds.Written() {
		c.Store.Replace(kind.GroupKind(), c.facts(kind))
	}
}

// facts are those of all objects of a kind.
func (c *cluster) facts(kind *dialect.Kind) []fact.Fact {
	c.t.Helper()
	list := kind.NewList()
	if err := c.List(c.t.Context(), list); err != nil {
		c.t.Fatal(err)
	}
	var out []fact.Fact
	if err := meta.EachListItem(list, func(o runtime.Object) error {
		out = append(out, kind.Fact(o.(client.Object)))
		return nil
	}); err != nil {
		c.t.Fatal(err)
	}
	return out
}

// stands returns a sibling as text; empty if there is none.
func (c *cluster) stands(kind schema.GroupVersionKind, name string) string {
	c.t.Helper()
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(kind)
	err := c.Get(c.t.Context(), client.ObjectKey{Namespace: "n", Name: name}, o)
	if client.IgnoreNotFound(err) != nil {
		c.t.Fatal(err)
	}
	if err != nil {
		return ""
	}
	text, err := o.MarshalJSON()
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// events returns what was said since the last time, a line each.
func (c *cluster) events() string {
	out := strings.Join(c.said.lines, "\n")
	c.said.lines = nil
	return out
}

// recorder keeps what is said. It fails the test for two texts that client-go would fold into one
// Event, because the second would be lost.
type recorder struct {
	t     *testing.T
	mu    sync.Mutex
	lines []string
	notes map[string]string
}

func (r *recorder) Eventf(regarding, related runtime.Object, eventtype, reason, action, note string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := fmt.Sprintf(note, args...)
	r.lines = append(r.lines, eventtype+" "+reason+" "+text)
	key := fmt.Sprint(eventtype, reason, action, regarding, related)
	if before, ok := r.notes[key]; ok && before != text {
		r.t.Errorf("%q is lost behind %q", text, before)
	}
	r.notes[key] = text
}
