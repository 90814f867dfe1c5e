package stories

import (
	"context"
	"fmt"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
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
	const (
		accepted    = `{"status": {"statuses": {"gloo-system": {"state": "Accepted"}}}}`
		finalizer   = `{"metadata": {"finalizers": ["example.com/wait"]}}`
		noFinalizer = `{"metadata": {"finalizers": null}}`
		foreign     = `{"metadata": {"annotations": {"example.com/seen": "yes"}}}`

		ofPods        = `{"spec": {"template": {"metadata": {"annotations": {"example.com/seen": "yes"}}}}}`
		foreignLabel  = `{"metadata": {"labels": {"example.com/seen": "yes"}}}`
		anotherImage  = `{"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "another"}]}}}}`
		serviceStatus = `{"status": {"conditions": [{"type": "example.com/Seen", "status": "True", "reason": "Seen",
			"message": "", "lastTransitionTime": "2026-01-02T03:04:05Z"}]}}`
	)
	namespaces := p.objects.Resource(kinds["Namespace"])
	for _, state := range []string{"up", "down"} {
		s := beginOn(t, p, "goes-on-"+state)
		s.serveRollouts()
		s.must(s.create(t.Context(), annotatedApp(s)+ownedTable+strangers))
		s.waitTraffic("echo", allToV1)
		s.waitAvailable("echo-v1", "echo-v2")
		for kind, name := range map[string]string{"RouteTable": "held", "Service": "held", "Deployment": "echo-v2"} {
			s.hold(kind, name)
		}
		before := s.requestCount()
		if state == "down" {
			s.must(p.aviary.Stop())
		}
		for _, w := range []struct{ what, kind, name, patch, sub string }{
			{"Gloo's status of a RouteTable", "RouteTable", "by-hand", accepted, ""},
			{"Gloo's status of a sibling", "Upstream", "echo", accepted, ""},
			{"a Deployment's status", "Deployment", "echo-v1", `{"status": {"observedGeneration": 1}}`, "status"},
			{"a new finalizer", "Deployment", "echo-v1", finalizer, ""},
			{"its removal", "Deployment", "echo-v1", noFinalizer, ""},
			{"a new finalizer of a RouteTable", "RouteTable", "by-hand", finalizer, ""},
			{"its removal", "RouteTable", "by-hand", noFinalizer, ""},
			{"a foreign annotation", "Deployment", "echo-v1", foreign, ""},
			{"scaling, but not to 0", "Deployment", "echo-v1", `{"spec": {"replicas": 2}}`, "scale"},
			{"another image of a Deployment", "Deployment", "stranger", anotherImage, ""},
			{"a foreign annotation of a Deployment's Pods", "Deployment", "stranger", ofPods, ""},
			{"scaling a StatefulSet, but not to 0", "StatefulSet", "stranger", `{"spec": {"replicas": 2}}`, "scale"},
			{"another image of a DaemonSet", "DaemonSet", "stranger", anotherImage, ""},
			{"another image of an Argo Rollout", "Rollout", "stranger", anotherImage, ""},
			{"a label of a DaemonSet itself", "DaemonSet", "stranger", foreignLabel, ""},
			{"a foreign annotation of a DaemonSet", "DaemonSet", "stranger", foreign, ""},
			{"a foreign label of a Service", "Service", "stranger", foreignLabel, ""},
			{"a Service's affinity", "Service", "stranger", `{"spec": {"sessionAffinity": "ClientIP"}}`, ""},
			{"a Service's status", "Service", "stranger", serviceStatus, "status"},
			{"Gloo's status of a RouteTable that is being deleted", "RouteTable", "held", accepted, ""},
			{"a foreign annotation of it", "RouteTable", "held", foreign, ""},
			{"the removal of its finalizer", "RouteTable", "held", noFinalizer, ""},
			{"the status of a Service that is being deleted", "Service", "held", serviceStatus, "status"},
			{"the removal of its finalizer", "Service", "held", noFinalizer, ""},
			{
				"the status of a Deployment that is being deleted", "Deployment", "echo-v2",
				`{"status": {"observedGeneration": 1}}`, "status",
			},
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

		s.step("what is being deleted is deleted again, and let go, with Aviary %s", state)
		s.must(s.remove(t.Context(), "Deployment", "echo-v2"))
		s.letGo("Deployment", "echo-v2")
		s.step("somebody annotates the Namespace, with Aviary %s", state)
		_, err := namespaces.Patch(t.Context(), s.namespace, types.MergePatchType, []byte(foreign), metav1.PatchOptions{})
		s.must(err)
		s.step("the garbage collector deletes what a deleted owner owned, with Aviary %s", state)
		s.setOwner("ConfigMap", "owner", "RouteTable", "owned")
		s.must(s.remove(t.Context(), "ConfigMap", "owner"))
		s.waitGone("routetables", "owned")

		s.step("and the namespace controller all that is in a namespace")
		began := time.Now()
		s.must(namespaces.Delete(t.Context(), s.namespace, metav1.DeleteOptions{}))
		s.eventually("the namespace to be gone", func() error {
			_, err := namespaces.Get(t.Context(), s.namespace, metav1.GetOptions{})
			if apierrors.IsNotFound(err) {
				return nil
			}
			return fmt.Errorf("it is still there: %w", err)
		})
		t.Logf("with Aviary %s the namespace was gone after %s", state, time.Since(began).Round(time.Millisecond))
		if state == "up" {
			if n := s.requestCount() - before; n != 0 {
				t.Errorf("Aviary was asked %v times, must not be asked", n)
			}
			continue
		}
		s.must(p.aviary.Start(t.Context()))
	}
}

// ownedTable is a RouteTable and a ConfigMap that will own it, beside one and a Service that will be deleted before.
const ownedTable = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: owner}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: owned, labels: {apiGroup: example}}
spec: {}
---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: held, labels: {apiGroup: example}}
spec: {}
---
apiVersion: v1
kind: Service
metadata: {name: held}
spec: {selector: {app: held}, ports: [{port: 80}]}
`

// strangers are workloads and a Service that no route names.
const strangers = `---
apiVersion: v1
kind: Service
metadata: {name: stranger}
spec: {selector: {app: stranger}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: stranger}
spec:
  selector: {matchLabels: {app: stranger}}
  template:
    metadata: {labels: {app: stranger}}
    spec: {containers: [{name: main, image: none}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: stranger}
spec:
  serviceName: stranger
  selector: {matchLabels: {app: stranger, version: v1}}
  template:
    metadata: {labels: {app: stranger, version: v1}}
    spec: {containers: [{name: main, image: none}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: stranger}
spec:
  selector: {matchLabels: {app: stranger, version: v1}}
  template:
    metadata: {labels: {app: stranger, version: v1}}
    spec: {containers: [{name: main, image: none}]}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: stranger}
spec:
  selector: {matchLabels: {app: stranger, version: v1}}
  template:
    metadata: {labels: {app: stranger, version: v1}}
    spec: {containers: [{name: main, image: none}]}
`

// setOwner makes one object the owner of another.
func (s *story) setOwner(ownerKind, owner, kind, name string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), tolerance)
	defer cancel()
	o, err := s.clientOf(ownerKind).Get(ctx, owner, metav1.GetOptions{})
	s.must(err)
	const patch = `{"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": %q, "name": %q, "uid": %q}]}}`
	s.must(s.patch(ctx, kind, name, fmt.Sprintf(patch, ownerKind, owner, o.GetUID())))
}
