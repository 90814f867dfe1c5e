package expander

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// hanging is an API server that never answers.
func hanging() interceptor.Funcs {
	hang := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	type api = client.WithWatch
	return interceptor.Funcs{
		Get: func(c context.Context, _ api, _ client.ObjectKey, _ client.Object, _ ...client.GetOption) error {
			return hang(c)
		},
		List:   func(c context.Context, _ api, _ client.ObjectList, _ ...client.ListOption) error { return hang(c) },
		Create: func(c context.Context, _ api, _ client.Object, _ ...client.CreateOption) error { return hang(c) },
		Update: func(c context.Context, _ api, _ client.Object, _ ...client.UpdateOption) error { return hang(c) },
		Delete: func(c context.Context, _ api, _ client.Object, _ ...client.DeleteOption) error { return hang(c) },
	}
}

// No request waits for longer than it may, whatever it asks for; one that is given less time has less.
func TestLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := limited{fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithInterceptorFuncs(hanging()).Build()}
		scheme := c.Scheme()
		object, _ := scheme.New(serviceKind)
		list, _ := scheme.New(serviceKind.GroupVersion().WithKind("ServiceList"))
		o := object.(client.Object)
		for verb, do := range map[string]func(context.Context) error{
			"get":    func(ctx context.Context) error { return c.Get(ctx, client.ObjectKey{}, o) },
			"list":   func(ctx context.Context) error { return c.List(ctx, list.(client.ObjectList)) },
			"create": func(ctx context.Context) error { return c.Create(ctx, o) },
			"update": func(ctx context.Context) error { return c.Update(ctx, o) },
			"delete": func(ctx context.Context) error { return c.Delete(ctx, o) },
		} {
			began := time.Now()
			if err := do(t.Context()); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != requestTime {
				t.Errorf("%s: %v after %s", verb, err, time.Since(began))
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), noteTime)
		defer cancel()
		began := time.Now()
		if err := c.Update(ctx, o); err == nil || time.Since(began) != noteTime {
			t.Errorf("%v after %s", err, time.Since(began))
		}
	})
}

// run has workers reconcile what is in the queue, as controller-runtime does.
func (c *cluster) run() {
	c.t.Helper()
	c.queue = workqueue.NewTypedRateLimitingQueue(options().RateLimiter)
	c.lanes.call = c.again
	c.t.Cleanup(c.queue.ShutDown)
	for range workers {
		go func() {
			for {
				app, ended := c.queue.Get()
				if ended {
					return
				}
				result, err := c.Reconcile(c.t.Context(), app)
				switch {
				case err != nil:
					c.queue.AddRateLimited(app)
				case result.RequeueAfter > 0:
					c.queue.Forget(app)
					c.queue.AddAfter(app, result.RequeueAfter)
				default:
					c.queue.Forget(app)
				}
				c.queue.Done(app)
			}
		}()
	}
}

// While every write of one namespace hangs, an app of another gets its siblings at once. Soon after the trouble has
// ended all have theirs.
func TestHangingWritesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster(t)
		ended := make(chan struct{})
		c.refuse = func(_ string, o client.Object) error {
			if o.GetNamespace() == "free" {
				return nil
			}
			select {
			case <-ended:
				return nil
			case <-time.After(requestTime):
				return context.DeadlineExceeded
			}
		}
		add := func(namespace, app string) route.Ref {
			object := strings.NewReplacer("NAMESPACE", namespace, "APP", app).Replace(`{"metadata":{"name":"APP-v1",
"namespace":"NAMESPACE","uid":"u","annotations":{"aviary.dev/app":"APP","aviary.dev/role":"primary"}},
"spec":{"replicas":1,"template":{"metadata":{"labels":{"app":"APP","version":"v1"}},
"spec":{"containers":[{"ports":[{"containerPort":8080}]}]}}},"status":{"availableReplicas":1}}`)
			f, err := c.Kinds.Decode(fact.DeploymentKind, []byte(object))
			if err != nil {
				t.Fatal(err)
			}
			c.Store.Put(f)
			return route.Ref{Namespace: namespace, Name: app}
		}
		has := func(app route.Ref) bool {
			table := c.Kinds.Of(c.Kinds.Table(app).GroupKind).New()
			err := c.Get(t.Context(), client.ObjectKey{Namespace: app.Namespace, Name: app.Name + "-routes"}, table)
			return err == nil
		}
		c.run()
		var hung []route.Ref
		for _, app := range []string{"a", "b", "c", "d", "e", "f"} {
			hung = append(hung, add("hangs", app))
			c.enqueue(hung[len(hung)-1])
		}
		for _, after := range []time.Duration{0, 2 * time.Second, 20 * time.Second} {
			time.Sleep(after) //nolint:forbidigo // of the bubble's clock
			app := add("free", "x"+after.String())
			c.enqueue(app)
			time.Sleep(time.Second) //nolint:forbidigo // of the bubble's clock
			if !has(app) {
				t.Fatalf("after %s: %s must have its siblings within a second", after, app)
			}
		}
		if has(hung[0]) {
			t.Fatal("the writes must hang")
		}
		close(ended)
		time.Sleep(10 * time.Second) //nolint:forbidigo // of the bubble's clock
		for _, app := range hung {
			if !has(app) {
				t.Errorf("%s must have its siblings ten seconds after the trouble's end", app)
			}
		}
	})
}
