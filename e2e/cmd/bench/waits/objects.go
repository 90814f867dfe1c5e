package waits

import (
	"context"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"aviary.dev/e2e/aviary"
)

var (
	deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	tables      = schema.GroupVersionResource{Group: "gateway.solo.io", Version: "v1", Resource: "routetables"}

	resources = map[string]schema.GroupVersionResource{
		"Namespace": {Version: "v1", Resource: "namespaces"}, "Deployment": deployments, "RouteTable": tables,
		"VirtualService":                   tables.GroupVersion().WithResource("virtualservices"),
		"ValidatingAdmissionPolicy":        registration.WithResource("validatingadmissionpolicies"),
		"ValidatingAdmissionPolicyBinding": registration.WithResource("validatingadmissionpolicybindings"),
	}
	registration = schema.GroupVersion{Group: "admissionregistration.k8s.io", Version: "v1"}
)

// parent is a VirtualService that delegates to every RouteTable.
const parent = `{"apiVersion":"gateway.solo.io/v1","kind":"VirtualService",
"metadata":{"name":"public","namespace":"default"},"spec":{"virtualHost":{"domains":["*"],"routes":[
{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}}]}}}`

// reloaded is another configuration.
var reloaded = strings.Replace(aviary.DefaultConfig, "{stage: canary}", "{stage: preview}", 1)

// inOne is how many apps a namespace has. What is read live grows with it.
const inOne = 20

// app is an app with the versions v1 and v2.
type app struct{ namespace, name string }

func (a app) String() string { return a.namespace + "/" + a.name }

// appsOf returns n apps in namespaces whose names begin alike.
func appsOf(prefix string, n, inOne int) (apps []app) {
	for i := range n {
		apps = append(apps, app{fmt.Sprintf("%s-%d", prefix, i/inOne), fmt.Sprintf("app-%d", i%inOne)})
	}
	return apps
}

// client returns what reads and writes objects of a kind in the app's namespace.
func (b *bed) client(a app, of schema.GroupVersionResource) dynamic.ResourceInterface {
	return b.objects.Resource(of).Namespace(a.namespace)
}

// create creates an object.
func (b *bed) create(ctx context.Context, text string) error {
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(text)); err != nil {
		return err
	}
	_, err := b.client(app{namespace: o.GetNamespace()}, resources[o.GetKind()]).Create(ctx, o, metav1.CreateOptions{})
	return err
}

// openNamespaces creates the namespaces of some apps, each with a label.
func (b *bed) openNamespaces(ctx context.Context, apps []app, label string) error {
	for _, a := range apps {
		const namespace = `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q,"labels":{"waits":%q}}}`
		err := b.create(ctx, fmt.Sprintf(namespace, a.namespace, label))
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
	}
	return nil
}

// deploy creates a version of an app and says in its status that it is available.
func (b *bed) deploy(ctx context.Context, a app, version, role string) error {
	labels := fmt.Sprintf(`{"app":%q,"version":%q}`, a.name, version)
	text := fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s-%s","namespace":%q,`+
		`"annotations":{"aviary.dev/app":%q,"aviary.dev/api-group":"example","aviary.dev/role":%q,`+
		`"aviary.dev/paths":"/%s/%s"}},"spec":{"replicas":1,"selector":{"matchLabels":%s},"template":{"metadata":`+
		`{"labels":%s},"spec":{"containers":[{"name":"main","image":"none","ports":[{"containerPort":80}]}]}}}}`,
		a.name, version, a.namespace, a.name, role, a.namespace, a.name, labels, labels)
	if err := b.decided(ctx, func() error { return ignoreExisting(b.create(ctx, text)) }); err != nil {
		return err
	}
	const status = `{"status":{"replicas":1,"readyReplicas":1,"availableReplicas":1}}`
	_, err := b.client(a, deployments).Patch(ctx, a.name+"-"+version, types.MergePatchType, []byte(status),
		metav1.PatchOptions{}, "status")
	return err
}

// ignoreExisting is for requests whose first try got no answer.
func ignoreExisting(err error) error {
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// say sets an annotation of v2.
func (b *bed) say(ctx context.Context, a app, key, value string, dryRun ...string) error {
	patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"aviary.dev/%s":%q}}}`, key, value)
	_, err := b.client(a, deployments).Patch(ctx, a.name+"-v2", types.MergePatchType, patch,
		metav1.PatchOptions{DryRun: dryRun})
	return err
}

// remove deletes v1.
func (b *bed) remove(ctx context.Context, a app, dryRun ...string) error {
	return b.client(a, deployments).Delete(ctx, a.name+"-v1", metav1.DeleteOptions{DryRun: dryRun})
}

// ignoreMissing is for objects that will be there.
func ignoreMissing(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
