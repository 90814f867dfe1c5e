package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

var (
	namespaces  = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	tables      = schema.GroupVersionResource{Group: "gateway.solo.io", Version: "v1", Resource: "routetables"}
)

// quiet returns a configuration that doesn't print warnings, because some steps get one.
func quiet(config *rest.Config) *rest.Config {
	config.WarningHandler = rest.NoWarnings{}
	return config
}

// team rolls out one app after another.
type team struct {
	objects   dynamic.Interface
	namespace string
	// again counts requests that are sent again because they got no verdict in time.
	again *atomic.Int64
}

// noVerdict reports whether a request got no verdict.
func noVerdict(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "could not decide") ||
		strings.Contains(err.Error(), "failed calling webhook"))
}

// work rolls out apps until ctx is done.
func (t *team) work(ctx context.Context, rollouts *atomic.Int64) error {
	ns := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
	ns.SetName(t.namespace)
	_, err := t.objects.Resource(namespaces).Create(ctx, ns, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return err
	}
	for i := 0; ctx.Err() == nil; i++ {
		if err := t.rollout(ctx, fmt.Sprintf("app-%d", i%20)); err != nil && ctx.Err() == nil {
			return err
		}
		rollouts.Add(1)
	}
	return nil
}

// rollout takes an app from its primary through a canary with more and more traffic to the deletion
// of both.
func (t *team) rollout(ctx context.Context, app string) error {
	steps := []func() error{
		func() error { return t.apply(ctx, app, "v1", map[string]any{"role": "primary"}) },
		func() error { return t.waitTable(ctx, app) },
		func() error { return t.apply(ctx, app, "v2", map[string]any{"role": "standby", "ungated": "true"}) },
		func() error { return t.mustRefuse(ctx, app) },
	}
	for _, weight := range []string{"0", "10", "50", "100"} {
		steps = append(steps, func() error {
			return t.apply(ctx, app, "v2", map[string]any{"role": "canary", "ungated": "true", "weight": weight})
		})
	}
	steps = append(steps,
		func() error { return t.apply(ctx, app, "v2", map[string]any{"role": "primary", "ungated": "true"}) },
		func() error { return t.remove(ctx, app+"-v1") },
		func() error { return t.remove(ctx, app+"-v2") },
	)
	for i, step := range steps {
		err := step()
		for noVerdict(err) && ctx.Err() == nil {
			t.again.Add(1)
			err = step()
		}
		if err != nil {
			return fmt.Errorf("app %s of %s, step %d: %w", app, t.namespace, i+1, err)
		}
	}
	return nil
}

// apply applies a Deployment with annotations.
func (t *team) apply(ctx context.Context, app, version string, said map[string]any) error {
	annotations := map[string]any{"aviary.dev/app": app, "aviary.dev/api-group": "example"}
	for key, value := range said {
		annotations["aviary.dev/"+key] = value
	}
	labels := map[string]any{"app": app, "version": version}
	ports := []any{map[string]any{"containerPort": int64(80)}}
	container := map[string]any{"name": "echo", "image": "none", "ports": ports}
	d := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": map[string]any{"name": app + "-" + version, "namespace": t.namespace, "annotations": annotations},
		"spec": map[string]any{
			"selector": map[string]any{"matchLabels": labels},
			"template": map[string]any{
				"metadata": map[string]any{"labels": labels},
				"spec":     map[string]any{"containers": []any{container}},
			},
		},
	}}
	_, err := t.objects.Resource(deployments).Namespace(t.namespace).Apply(ctx, d.GetName(), d,
		metav1.ApplyOptions{FieldManager: "team", Force: true})
	return err
}

// waitTable waits for the app's RouteTable.
func (t *team) waitTable(ctx context.Context, app string) error {
	return wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, time.Minute, true,
		func(ctx context.Context) (bool, error) {
			_, err := t.objects.Resource(tables).Namespace(t.namespace).Get(ctx, app+"-routes", metav1.GetOptions{})
			return err == nil, ignoreNotFound(err)
		})
}

// mustRefuse expects that a RouteTable with weights that sum to 90 is refused.
func (t *team) mustRefuse(ctx context.Context, app string) error {
	to := func(version string, weight int64) map[string]any {
		return map[string]any{"weight": weight, "destination": map[string]any{
			"upstream": map[string]any{"name": app, "namespace": t.namespace},
			"subset":   map[string]any{"values": map[string]any{"version": version}},
		}}
	}
	bad := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "gateway.solo.io/v1", "kind": "RouteTable",
		"metadata": map[string]any{
			"name": "bad", "namespace": t.namespace, "labels": map[string]any{"apiGroup": "example"},
		},
		"spec": map[string]any{"routes": []any{map[string]any{
			"matchers":    []any{map[string]any{"prefix": "/bad"}},
			"routeAction": map[string]any{"multi": map[string]any{"destinations": []any{to("v1", 60), to("v2", 30)}}},
		}}},
	}}
	_, err := t.objects.Resource(tables).Namespace(t.namespace).Create(ctx, bad, metav1.CreateOptions{})
	if err == nil {
		return fmt.Errorf("a RouteTable that sums to 90 was admitted")
	}
	if !apierrors.IsInvalid(err) {
		return err
	}
	return nil
}

// remove deletes a Deployment and waits until it no longer exists.
func (t *team) remove(ctx context.Context, name string) error {
	client := t.objects.Resource(deployments).Namespace(t.namespace)
	if err := client.Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
		return err
	}
	return wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, time.Minute, true,
		func(ctx context.Context) (bool, error) {
			_, err := client.Get(ctx, name, metav1.GetOptions{})
			return apierrors.IsNotFound(err), ignoreNotFound(err)
		})
}

func ignoreNotFound(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
