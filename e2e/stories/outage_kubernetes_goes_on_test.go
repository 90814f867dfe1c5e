package stories

import (
	"context"
	"fmt"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// requestCount returns how many requests Aviary's webhooks have received.
func (s *story) requestCount() float64 {
	s.Helper()
	metrics, err := s.aviary.Metrics(s.Context())
	s.must(err)
	return metrics.Sum("controller_runtime_webhook_requests_total")
}

// testKubernetesGoesOn makes the writes that Kubernetes and Gloo make by themselves. Aviary isn't
// asked about them while it runs, so nothing waits for it while it is down.
func testKubernetesGoesOn(t *testing.T, p *plane) {
	for _, state := range []string{"up", "down"} {
		s := beginOn(t, p, "never-waits-"+state)
		s.must(s.create(t.Context(), annotatedApp(s)+ownedTable))
		s.waitTraffic("echo", allToV1)
		s.waitAvailable("echo-v1", "echo-v2")
		before := s.requestCount()
		if state == "down" {
			s.must(p.aviary.Stop())
		}
		for _, w := range []struct{ what, kind, name, patch, sub string }{
			{"Gloo's status of a RouteTable", "RouteTable", "by-hand", `{"status": {"statuses": {"gloo-system": {"state": "Accepted"}}}}`, ""},
			{"Gloo's status of a sibling", "Upstream", "echo", `{"status": {"statuses": {"gloo-system": {"state": "Accepted"}}}}`, ""},
			{"a Deployment's status", "Deployment", "echo-v1", `{"status": {"observedGeneration": 1}}`, "status"},
			{"a new finalizer", "Deployment", "echo-v1", `{"metadata": {"finalizers": ["example.com/wait"]}}`, ""},
			{"the end of a finalizer", "Deployment", "echo-v1", `{"metadata": {"finalizers": null}}`, ""},
			{"a finalizer of a RouteTable", "RouteTable", "by-hand", `{"metadata": {"finalizers": ["example.com/wait"]}}`, ""},
			{"and its end", "RouteTable", "by-hand", `{"metadata": {"finalizers": null}}`, ""},
			{"a foreign annotation", "Deployment", "echo-v1", `{"metadata": {"annotations": {"example.com/seen": "yes"}}}`, ""},
			{"scaling, but not to 0", "Deployment", "echo-v1", `{"spec": {"replicas": 2}}`, "scale"},
		} {
			began := time.Now()
			var sub []string
			if w.sub != "" {
				sub = append(sub, w.sub)
			}
			if err := s.patch(t.Context(), w.kind, w.name, w.patch, sub...); err != nil {
				t.Errorf("with Aviary %s, %s: %v", state, w.what, err)
			}
			if took := time.Since(began); took > tolerance {
				t.Errorf("with Aviary %s, %s took %s", state, w.what, took)
			}
		}

		s.step("the garbage collector takes what a deleted owner leaves, with Aviary %s", state)
		s.setOwner("ConfigMap", "owner", "RouteTable", "owned")
		s.must(s.remove(t.Context(), "ConfigMap", "owner"))
		s.waitGone("routetables", "owned")

		s.step("and the namespace controller a whole namespace")
		began := time.Now()
		s.must(p.objects.Resource(kinds["Namespace"]).Delete(t.Context(), s.namespace, metav1.DeleteOptions{}))
		s.eventually("the namespace to be gone", func() error {
			_, err := p.objects.Resource(kinds["Namespace"]).Get(t.Context(), s.namespace, metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return nil
			}
			return fmt.Errorf("it is still there: %w", err)
		})
		t.Logf("with Aviary %s the namespace was gone after %s", state, time.Since(began).Round(time.Millisecond))
		if state == "up" {
			if n := s.requestCount() - before; n != 0 {
				t.Errorf("Aviary was asked %v times, must be asked nothing", n)
			}
			continue
		}
		s.must(p.aviary.Start(t.Context()))
	}
}

const ownedTable = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: owner}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: owned, labels: {apiGroup: example}}
spec: {}
`

// setOwner makes one object the owner of another.
func (s *story) setOwner(ownerKind, owner, kind, name string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), tolerance)
	defer cancel()
	o, err := s.objects.Resource(kinds[ownerKind]).Namespace(s.namespace).Get(ctx, owner, metav1.GetOptions{})
	s.must(err)
	s.must(s.patch(ctx, kind, name, fmt.Sprintf(`{"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": %q, "name": %q, "uid": %q}]}}`,
		ownerKind, owner, o.GetUID())))
}
