package stories

import (
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// direct is a story that talks to the API server without kubectl, which is faster. It doesn't see
// warnings.
type direct struct{ *story }

// beginDirect creates a namespace for a story that needs no Pods.
func beginDirect(t *testing.T, p *plane, namespace string) direct {
	t.Helper()
	o := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	o.SetName(namespace)
	if _, err := p.objects.Resource(gvr("namespaces")).Create(t.Context(), o, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	return direct{&story{T: t, plane: p, namespace: namespace}}
}

// check fails the test if err is not nil, and lets it go on.
func (q direct) check(err error) {
	q.Helper()
	if err != nil {
		q.Error(err)
	}
}

// create creates the objects of the manifests, each again if Aviary had no time to decide.
func (q direct) create(manifests string) error {
	for _, o := range decode(q.T, manifests) {
		if err := decided(func() error { return q.createOnce(o) }); err != nil {
			return err
		}
	}
	return nil
}

// createOnce creates an object.
func (q direct) createOnce(o *unstructured.Unstructured) error {
	_, err := q.clientOf(o.GetKind()).Create(q.Context(), o, metav1.CreateOptions{})
	return wrap(err, "create %s %s", o.GetKind(), o.GetName())
}

// annotate sets annotations of a Deployment, given as key=value without the prefix aviary.dev/.
func (q direct) annotate(deployment string, annotations ...string) error {
	var pairs []string
	for _, a := range annotations {
		key, value, _ := strings.Cut(a, "=")
		pairs = append(pairs, fmt.Sprintf(`"aviary.dev/%s": %q`, key, value))
	}
	patch := fmt.Sprintf(`{"metadata": {"annotations": {%s}}}`, strings.Join(pairs, ", "))
	err := q.patch(q.Context(), "Deployment", deployment, patch)
	return wrap(err, "annotate %s %v", deployment, annotations)
}

// delete deletes an object.
func (q direct) delete(resource, name string) error {
	err := q.client(resource).Delete(q.Context(), name, metav1.DeleteOptions{})
	return wrap(err, "delete %s %s", resource, name)
}

// wrap adds to an error what failed; nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// setAvailable writes the status of Deployments as if one replica were available.
func (q direct) setAvailable(deployments ...string) error {
	for _, name := range deployments {
		const status = `{"status": {"replicas": 1, "readyReplicas": 1, "availableReplicas": 1}}`
		if err := q.patch(q.Context(), "Deployment", name, status, "status"); err != nil {
			return wrap(err, "write the status of %s", name)
		}
	}
	return nil
}

// tableTo returns a RouteTable with one route to one version of an app.
func (q direct) tableTo(name, app, to string) string {
	return replace(q.table(name, destination{to, 0}), "upstream: {name: echo,", "upstream: {name: "+app+",")
}

// moveTable makes such a RouteTable route to another version.
func (q direct) moveTable(name, to string) error {
	const path = "/spec/routes/0/routeAction/single/subset/values/version"
	patch := fmt.Appendf(nil, `[{"op": "replace", "path": %q, "value": %q}]`, path, to)
	_, err := q.client("routetables").Patch(q.Context(), name, types.JSONPatchType, patch, metav1.PatchOptions{})
	return wrap(err, "move RouteTable %s to %s", name, to)
}

// domain returns a VirtualService that delegates to the RouteTables of some namespaces.
func domain(name string, spaces []direct) string {
	names := make([]string, len(spaces))
	for i, q := range spaces {
		names[i] = q.namespace
	}
	return fmt.Sprintf(virtualService, "public", "", name+".example", strings.Join(names, ", "))
}
