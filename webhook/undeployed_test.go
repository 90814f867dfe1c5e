package webhook_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
)

// hanging never answers a LIST.
type hanging struct{ inventory.Cluster }

func (hanging) List(ctx context.Context, _ dialect.ObjectList, _ inventory.ListOptions) error {
	<-ctx.Done()
	return ctx.Err()
}

// counting counts what is read.
type counting struct {
	inventory.Cluster
	n atomic.Int32
}

func (c *counting) Get(ctx context.Context, key types.NamespacedName, into dialect.Object) error {
	c.n.Add(1)
	return c.Cluster.Get(ctx, key, into)
}

func (c *counting) List(ctx context.Context, into dialect.ObjectList, o inventory.ListOptions) error {
	c.n.Add(1)
	return c.Cluster.List(ctx, into, o)
}

// What the cache lacks may have been created just before, or be run by a controller that nobody watches. So nobody is
// called absent who is there, and who is not there is refused as an audit would.
func TestWhoIsNotDeployedIsLookedForLive(t *testing.T) {
	t.Parallel()
	upstream := strings.Replace(echoOwn, ","+ownLabels, "", 1)
	deployment := func(version string) client.Object {
		return stored(t, fact.DeploymentKind, `{"metadata":{"name":"echo-`+version+`","namespace":"n","uid":"u"},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"`+version+`"}}}},"status":{"availableReplicas":1}}`)
	}
	// pod is one that a ReplicaSet of an Argo Rollout made.
	pod := func(version string) client.Object {
		return &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Name: "echo-" + version, Namespace: "n", Labels: map[string]string{"app": "echo", "version": version},
				OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: "echo", Controller: new(true)}},
			},
			Status: corev1.PodStatus{Phase: corev1.PodRunning},
		}
	}
	const none, refused = "(deployed: none)", "(deployed: v2)"
	for name, c := range map[string]struct {
		live     []client.Object
		hangs    bool
		says     string
		admitted bool
	}{
		"created just before":        {[]client.Object{deployment("v1")}, false, "", true},
		"Pods of a Rollout":          {[]client.Object{pod("v1")}, false, "", true},
		"all created just before":    {[]client.Object{deployment("v1")}, false, "", true},
		"all but another version":    {[]client.Object{deployment("v2")}, false, refused, false},
		"nobody":                     {nil, false, none, true},
		"another version":            {[]client.Object{deployment("v2")}, false, refused, false},
		"Pods of another version":    {[]client.Object{pod("v2")}, false, refused, false},
		"the API server is too slow": {[]client.Object{deployment("v2")}, true, none, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			if put(t, store, serviceKind, echoService); !strings.HasPrefix(name, "all") {
				put(t, store, upstreamKind, upstream)
			}
			b := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithObjects(c.live...).
				WithObjects(stored(t, serviceKind, echoService), stored(t, upstreamKind, upstream))
			v := validator(t, store)
			if v.Live = inventorytest.Cluster(b.Build()); c.hangs {
				v.Live = hanging{v.Live}
			}
			table := `{"metadata":{"name":"by-hand","namespace":"n","labels":{"apiGroup":"example"}},
"spec":{"routes":[{"matchers":[{"prefix":"/echo"}],"routeAction":{"single":{
"upstream":{"name":"echo"},"subset":{"values":{"version":"v1"}}}}}]}}`
			began := time.Now()
			got := post(t, v, review(t, "routetables", "gateway.solo.io", "RouteTable", "CREATE", []byte(table), nil))
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			if got.Allowed != c.admitted || strings.Contains(said, "[upstream-known]") ||
				strings.Contains(said, "[version-deployed]") != (c.says != "") || !strings.Contains(said, c.says) {
				t.Errorf("allowed %v, says %q; must say %q", got.Allowed, said, c.says)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
}

// Tools apply the same objects over and over, and each look asks the API server.
func TestWhoWasAbsentAMomentAgoIsNotLookedForAgain(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	put(t, store, serviceKind, echoService)
	upstream := strings.Replace(echoOwn, ","+ownLabels, "", 1)
	put(t, store, upstreamKind, upstream)
	b := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).
		WithObjects(stored(t, serviceKind, echoService), stored(t, upstreamKind, upstream))
	reads := &counting{Cluster: inventorytest.Cluster(b.Build())}
	v := validator(t, store)
	v.Live = reads
	apply := func(name, version string) int32 {
		table := `{"metadata":{"name":"` + name + `","namespace":"n","labels":{"apiGroup":"example"}},
"spec":{"routes":[{"matchers":[{"prefix":"/echo"}],"routeAction":{"single":{
"upstream":{"name":"echo"},"subset":{"values":{"version":"` + version + `"}}}}}]}}`
		before := reads.n.Load()
		r := review(t, "routetables", "gateway.solo.io", "RouteTable", "CREATE", []byte(table), nil)
		if said := strings.Join(post(t, v, r).Warnings, "\n"); !strings.Contains(said, "[version-deployed]") {
			t.Errorf("%s, which routes to %s, is not told that it isn't deployed: %q", name, version, said)
		}
		return reads.n.Load() - before
	}
	first := apply("by-hand", "v1")
	again := apply("by-hand", "v1")
	if again >= first {
		t.Errorf("%d reads at first, and %d a moment later", first, again)
	}
	if n := apply("by-hand", "v2"); n != first {
		t.Errorf("%d reads for v2, as if v1 were meant", n)
	}
	if n := apply("other", "v1"); n != first {
		t.Errorf("%d reads for another table's v1", n)
	}
}
