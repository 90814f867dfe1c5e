package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// lane is the label of a Namespace that says which webhook gets its requests.
const lane = "bench"

// target is the app in each lane that the RouteTables route to.
const target = "app"

// configure creates Aviary's webhook configurations again, limited to its lane, and the same for
// the empty webhook.
func (f *testbed) configure(ctx context.Context) error {
	bundle := base64.StdEncoding.EncodeToString(f.aviary.CA.CertPEM)
	for kind, config := range f.configs {
		for _, to := range []string{"aviary", "empty"} {
			if to == "empty" && kind == mutating {
				continue
			}
			c := &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": config.GetAPIVersion(), "kind": config.GetKind(),
			}}
			c.SetName(to)
			const labelKeys = "aviary.dev/label-keys"
			c.SetAnnotations(map[string]string{labelKeys: config.GetAnnotations()[labelKeys]})
			webhooks, _, err := unstructured.NestedSlice(config.DeepCopy().Object, "webhooks")
			if err != nil {
				return err
			}
			for _, w := range webhooks {
				hook := w.(map[string]any)
				hook["namespaceSelector"] = map[string]any{"matchExpressions": []any{
					map[string]any{"key": lane, "operator": "In", "values": []any{to}},
				}}
				if to == "empty" {
					hook["clientConfig"] = map[string]any{"url": f.emptyURL(), "caBundle": bundle}
				}
			}
			if err := unstructured.SetNestedSlice(c.Object, webhooks, "webhooks"); err != nil {
				return err
			}
			if _, err := f.objects.Resource(kind).Create(ctx, c, metav1.CreateOptions{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// openLane creates a lane's namespace with an app, and waits for the Upstream that Aviary writes
// for it.
func (f *testbed) openLane(ctx context.Context, l string) error {
	namespace := "bench-" + l
	for _, text := range []string{
		fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q,"labels":{%q:%q}}}`,
			namespace, lane, l),
		deployment(namespace, target, 1, 0), deployment(namespace, target, 2, 10),
	} {
		if err := f.write(ctx, text); err != nil {
			return err
		}
	}
	return poll(ctx, time.Minute, func() (bool, error) {
		_, err := f.objects.Resource(kinds["Upstream"]).Namespace(namespace).Get(ctx, target, metav1.GetOptions{})
		return err == nil, client.IgnoreNotFound(err)
	})
}

// waitLanes waits until the API server calls both webhooks. The empty one has no metrics, so its
// processor time is compared.
func (f *testbed) waitLanes(ctx context.Context, create func(string) (time.Duration, error)) error {
	return poll(ctx, time.Minute, func() (bool, error) {
		before, err := cpu(f.emptyPID)
		if err != nil {
			return false, err
		}
		asked, err := f.aviary.Metrics(ctx)
		if err != nil {
			return false, err
		}
		for range 50 {
			for _, l := range []string{"aviary", "empty"} {
				if _, err := create(l); err != nil {
					return false, err
				}
			}
		}
		now, err := f.aviary.Metrics(ctx)
		if err != nil {
			return false, err
		}
		after, err := cpu(f.emptyPID)
		const requests = "aviary_admission_requests_total"
		return after > before && now.Sum(requests)-asked.Sum(requests) == 50, err
	})
}
