package stories

import (
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/lagging"
)

// TestLagging has Aviary see the cluster through a proxy that holds back what
// its informers are told. No controllers run: Deployments have the status that
// the story writes, and what Aviary makes of it is not hidden by their work.
func TestLagging(t *testing.T) {
	t.Parallel()
	p, err := startPlaneWith(t.Context(), controlplane.Options{WithoutControllers: true, Progress: testWriter{t}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.close() != 0 {
			t.Error("the control plane did not end well")
		}
	})
	proxy, err := lagging.Start(p.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, aviary.Options{Via: proxy.Kubeconfig, Progress: testWriter{t}})
	if err != nil {
		t.Fatal(err)
	}
	t.Run("delayed by 2 s", func(t *testing.T) {
		fresh(t, p, "delayed", func() { proxy.Delay(2 * time.Second) })
		proxy.Delay(0)
	})
	t.Run("stopped", func(t *testing.T) {
		fresh(t, p, "stopped", proxy.Stall)
		proxy.Delay(0)
	})
	t.Run("crossings of hand-made routes", func(t *testing.T) { crossHandMade(t, p, proxy) })
	t.Run("crossings of generated routes", func(t *testing.T) { crossGenerated(t, p, proxy) })
}

// quick is a story that speaks to the API server without kubectl, and has no
// ear for warnings.
type quick struct{ *story }

// quickly begins a story in a new namespace in which no Pods are needed.
func quickly(t *testing.T, p *plane, namespace string) quick {
	t.Helper()
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	o.SetName(namespace)
	if _, err := p.objects.Resource(gvr("namespaces")).Create(t.Context(), o, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	return quick{&story{T: t, plane: p, namespace: namespace}}
}

// must fails the story for a step that fails though the caches don't matter.
func (q quick) must(err error) {
	q.Helper()
	if err != nil {
		q.Error(err)
	}
}

// create creates what the manifests hold.
func (q quick) create(manifests string) error {
	for _, o := range decode(q.T, manifests) {
		_, err := q.objects.Resource(kinds[o.GetKind()]).Namespace(q.namespace).Create(q.Context(), o, metav1.CreateOptions{})
		if err != nil {
			return fmt.Errorf("create %s %s: %w", o.GetKind(), o.GetName(), err)
		}
	}
	return nil
}

// annotate sets an annotation aviary.dev/… of a Deployment.
func (q quick) annotate(deployment string, annotations ...string) error {
	var pairs []string
	for _, a := range annotations {
		key, value, _ := strings.Cut(a, "=")
		pairs = append(pairs, fmt.Sprintf(`"aviary.dev/%s": %q`, key, value))
	}
	patch := fmt.Sprintf(`{"metadata": {"annotations": {%s}}}`, strings.Join(pairs, ", "))
	_, err := q.objects.Resource(gvr("deployments")).Namespace(q.namespace).Patch(q.Context(), deployment, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
	return wrap(err, "annotate %s %v", deployment, annotations)
}

func (q quick) delete(resource, name string) error {
	err := q.objects.Resource(gvr(resource)).Namespace(q.namespace).Delete(q.Context(), name, metav1.DeleteOptions{})
	return wrap(err, "delete %s %s", resource, name)
}

func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// serve gives Deployments an available replica.
func (q quick) serve(deployments ...string) error {
	for _, name := range deployments {
		status := []byte(`{"status": {"replicas": 1, "readyReplicas": 1, "availableReplicas": 1}}`)
		_, err := q.objects.Resource(gvr("deployments")).Namespace(q.namespace).Patch(q.Context(), name, types.MergePatchType, status, metav1.PatchOptions{}, "status")
		if err != nil {
			return wrap(err, "write the status of %s", name)
		}
	}
	return nil
}

// route is a RouteTable of one route to one version of an app.
func (q quick) route(name, app, to string) string {
	return with(q.table(name, destination{to, 0}), "upstream: {name: echo,", "upstream: {name: "+app+",")
}

// moved is the patch that moves such a table to another version.
func moved(to string) []byte {
	return fmt.Appendf(nil, `[{"op": "replace", "path": "/spec/routes/0/routeAction/single/subset/values/version", "value": %q}]`, to)
}
