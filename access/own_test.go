package access_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	discoveryfake "k8s.io/client-go/discovery/fake"
	authorizationfake "k8s.io/client-go/kubernetes/typed/authorization/v1/fake"
	clienttesting "k8s.io/client-go/testing"

	"aviary.dev/access"
)

const (
	noUpstreams   = "the cluster does not serve Upstream.gloo.solo.io; install Gloo's CRDs"
	noDeleteTable = "Aviary may not delete routetables.gateway.solo.io; grant it what manifests/base/rbac.yaml lists"
	noGetServices = "Aviary may not get services; grant it what manifests/base/rbac.yaml lists"
)

// cluster is an API server: what it serves, and what Aviary may not do, as "verb resource".
type cluster struct {
	api clienttesting.Fake

	mu     sync.Mutex
	denied map[string]bool
	err    error
	told   [][]string
}

func newCluster(served ...string) *cluster {
	c := &cluster{denied: map[string]bool{}}
	c.serve(served...)
	c.api.AddReactor("create", "selfsubjectaccessreviews", func(a clienttesting.Action) (bool, runtime.Object, error) {
		review := a.(clienttesting.CreateAction).GetObject().(*authorizationv1.SelfSubjectAccessReview).DeepCopy()
		what := review.Spec.ResourceAttributes
		c.mu.Lock()
		defer c.mu.Unlock()
		review.Status.Allowed = !c.denied[what.Verb+" "+what.Resource]
		return true, review, c.err
	})
	return c
}

// change changes what the cluster answers from now on.
func (c *cluster) change(by func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	by()
}

// serve has the cluster serve these resources, and no others.
func (c *cluster) serve(resources ...string) {
	groups := map[string]string{
		"services": "v1", "upstreams": "gloo.solo.io/v1", "settings": "gloo.solo.io/v1", "routetables": "gateway.solo.io/v1",
	}
	var lists []*metav1.APIResourceList
	for _, r := range resources {
		lists = append(lists, &metav1.APIResourceList{GroupVersion: groups[r], APIResources: []metav1.APIResource{{Name: r}}})
	}
	c.api.Lock()
	defer c.api.Unlock()
	c.api.Resources = lists
}

func need(version, kind, resource string) access.Need {
	return access.Need{
		Kind: schema.FromAPIVersionAndKind(version, kind), Resource: resource, Install: "install Gloo's CRDs",
	}
}

// start begins to refresh, for as long as the test runs.
func (c *cluster) start(t *testing.T) *access.Own {
	own := &access.Own{
		Client: &authorizationfake.FakeAuthorizationV1{Fake: &c.api},
		Served: &discoveryfake.FakeDiscovery{Fake: &c.api},
		Needs: []access.Need{
			need("v1", "Service", "services"),
			need("gloo.solo.io/v1", "Upstream", "upstreams"),
			need("gateway.solo.io/v1", "RouteTable", "routetables"),
		},
		Changed: func(missing []string) { c.change(func() { c.told = append(c.told, missing) }) },
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- own.Start(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Start() ends with %v", err)
		}
	})
	synctest.Wait()
	return own
}

// must fails unless that is missing, and Changed was called so often.
func (c *cluster) must(t *testing.T, own *access.Own, changes int, missing ...string) {
	t.Helper()
	if diff := cmp.Diff(missing, own.Missing(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("Missing() (-want +got):\n%s", diff)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.told) != changes {
		t.Errorf("Changed was called %d times, want %d: %q", len(c.told), changes, c.told)
	} else if changes > 0 {
		if diff := cmp.Diff(missing, c.told[changes-1], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("Changed was told (-want +got):\n%s", diff)
		}
	}
}

// refresh waits until Aviary has asked again.
func refresh() {
	<-time.After(15 * time.Second)
	synctest.Wait()
}

func TestMissing(t *testing.T) {
	t.Parallel()
	all, noUpstream := []string{"services", "upstreams", "routetables"}, []string{"services", "routetables"}
	for name, c := range map[string]struct{ served, denied, missing []string }{
		"nothing":             {served: all},
		"a group":             {served: noUpstream, missing: []string{noUpstreams}},
		"a kind of its group": {served: append([]string{"settings"}, noUpstream...), missing: []string{noUpstreams}},
		"a right":             {served: all, denied: []string{"delete routetables"}, missing: []string{noDeleteTable}},
		"the first of two rights": {
			served: all, denied: []string{"update services", "get services"}, missing: []string{noGetServices},
		},
		"rights and a kind": {
			served: noUpstream, denied: []string{"get services", "delete routetables"},
			missing: []string{noGetServices, noUpstreams, noDeleteTable},
		},
		"a right to what is not": {served: noUpstream, denied: []string{"get upstreams"}, missing: []string{noUpstreams}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cluster := newCluster(c.served...)
				for _, d := range c.denied {
					cluster.denied[d] = true
				}
				cluster.must(t, cluster.start(t), min(len(c.missing), 1), c.missing...)
			})
		})
	}
}

// What is installed, granted or taken away is noticed within fifteen seconds, and told of once.
func TestOwnFollowsTheCluster(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster("services", "routetables")
		own := c.start(t)
		c.must(t, own, 1, noUpstreams)
		c.serve("services", "upstreams", "routetables")
		c.must(t, own, 1, noUpstreams)
		refresh()
		c.must(t, own, 2)
		refresh()
		c.must(t, own, 2)
		c.change(func() { c.denied["delete routetables"] = true })
		refresh()
		c.must(t, own, 3, noDeleteTable)
		refresh()
		c.must(t, own, 3, noDeleteTable)
		c.change(func() { c.denied["get services"] = true })
		refresh()
		c.must(t, own, 4, noGetServices, noDeleteTable)
	})
}

// While the API server doesn't answer, what was known holds.
func TestOwnKeepsWhatItKnew(t *testing.T) {
	t.Parallel()
	for name, verb := range map[string]string{"no rights are told": "create", "no kinds are told": "get"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCluster("services", "upstreams", "routetables")
				var away error
				c.api.PrependReactor(verb, "*", func(clienttesting.Action) (bool, runtime.Object, error) {
					c.mu.Lock()
					defer c.mu.Unlock()
					return away != nil, nil, away
				})
				c.denied["delete routetables"] = true
				own := c.start(t)
				c.must(t, own, 1, noDeleteTable)
				c.change(func() { away = errors.New("etcd is away"); delete(c.denied, "delete routetables") })
				refresh()
				c.must(t, own, 1, noDeleteTable)
				c.change(func() { away = nil })
				refresh()
				c.must(t, own, 2)
			})
		})
	}
}

func TestNothingIsMissingBeforeItIsKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCluster()
		c.err = errors.New("not yet")
		c.serve("services")
		c.must(t, c.start(t), 0)
	})
	if (&access.Own{}).NeedLeaderElection() {
		t.Error("every replica must know")
	}
}
