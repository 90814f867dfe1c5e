package stories

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"aviary.dev/e2e/aviary"
)

// kinds are the resources of the kinds that stories write.
var kinds = map[string]schema.GroupVersionResource{
	"Namespace":      {Version: "v1", Resource: "namespaces"},
	"ConfigMap":      {Version: "v1", Resource: "configmaps"},
	"Pod":            {Version: "v1", Resource: "pods"},
	"Service":        {Version: "v1", Resource: "services"},
	"Deployment":     {Group: "apps", Version: "v1", Resource: "deployments"},
	"StatefulSet":    {Group: "apps", Version: "v1", Resource: "statefulsets"},
	"DaemonSet":      {Group: "apps", Version: "v1", Resource: "daemonsets"},
	"Rollout":        {Group: "argoproj.io", Version: "v1alpha1", Resource: "rollouts"},
	"RouteTable":     {Group: "gateway.solo.io", Version: "v1", Resource: "routetables"},
	"VirtualService": {Group: "gateway.solo.io", Version: "v1", Resource: "virtualservices"},
	"Upstream":       {Group: "gloo.solo.io", Version: "v1", Resource: "upstreams"},
	"UpstreamGroup":  {Group: "gloo.solo.io", Version: "v1", Resource: "upstreamgroups"},
}

// create creates objects in the story's namespace, one after another, without kubectl.
func (s *story) create(ctx context.Context, manifests string) error {
	objects, err := aviary.Decode(manifests)
	for _, o := range objects {
		if err == nil {
			err = s.createObject(ctx, o)
		}
	}
	return err
}

// createObject creates an object in the story's namespace.
func (s *story) createObject(ctx context.Context, o *unstructured.Unstructured) (err error) {
	client := s.clientOf(o.GetKind())
	if o.GetKind() == "Namespace" {
		client = s.objects.Resource(kinds["Namespace"])
	}
	if _, err = client.Create(ctx, o, metav1.CreateOptions{}); err != nil {
		err = fmt.Errorf("create %s %s/%s: %w", o.GetKind(), s.namespace, o.GetName(), err)
	}
	return err
}

// gvr returns the resource with a plural name.
func gvr(resource string) schema.GroupVersionResource {
	for _, kind := range kinds {
		if kind.Resource == resource {
			return kind
		}
	}
	group := map[string]string{"replicasets": "apps", "events": "events.k8s.io"}[resource]
	return schema.GroupVersionResource{Group: group, Version: "v1", Resource: resource}
}

// client returns a client for a resource, by its plural name, in the story's namespace.
func (s *story) client(resource string) dynamic.ResourceInterface {
	return s.objects.Resource(gvr(resource)).Namespace(s.namespace)
}

// clientOf returns a client for one of kinds in the story's namespace.
func (s *story) clientOf(kind string) dynamic.ResourceInterface {
	return s.objects.Resource(kinds[kind]).Namespace(s.namespace)
}

// get reads an object of the story's namespace.
func (s *story) get(resource, name string) (*unstructured.Unstructured, error) {
	return s.client(resource).Get(s.Context(), name, metav1.GetOptions{})
}

// mustGet reads an object and ends the test if it can't be read.
func (s *story) mustGet(resource, name string) *unstructured.Unstructured {
	s.Helper()
	o, err := s.get(resource, name)
	s.must(err)
	return o
}

// waitGone waits until an object no longer exists.
func (s *story) waitGone(resource, name string) {
	s.Helper()
	s.eventually(fmt.Sprintf("%s %s to go", resource, name), func() error {
		_, err := s.get(resource, name)
		if err == nil {
			return fmt.Errorf("it is still there")
		}
		if apierrors.IsNotFound(err) {
			return nil
		}
		return err
	})
}

// patch merges a patch into an object, or into one of its subresources.
func (s *story) patch(ctx context.Context, kind, name, patch string, sub ...string) error {
	_, err := s.clientOf(kind).Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{}, sub...)
	return err
}

// remove deletes an object.
func (s *story) remove(ctx context.Context, kind, name string) error {
	return s.clientOf(kind).Delete(ctx, name, metav1.DeleteOptions{})
}

// mustRead runs kubectl and returns the object that it prints.
func (s *story) mustRead(args ...string) *unstructured.Unstructured {
	s.Helper()
	return decode(s.T, s.kubectl("", args...).mustSucceed().stdout)[0]
}

// replaceObject writes a whole object, even if it has changed since it was read.
func (s *story) replaceObject(o *unstructured.Unstructured) {
	s.Helper()
	o.SetResourceVersion("")
	json, err := o.MarshalJSON()
	s.must(err)
	s.kubectl(string(json), "replace", "-f", "-").mustSucceed()
}

// applyObject applies one object.
func (s *story) applyObject(o *unstructured.Unstructured) outcome {
	s.Helper()
	json, err := o.MarshalJSON()
	s.must(err)
	return s.apply(string(json)).mustSucceed()
}

// list returns the objects of a list in an object; a missing list is empty.
func list(object map[string]any, fields ...string) (out []map[string]any) {
	items, _, _ := unstructured.NestedSlice(object, fields...)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
