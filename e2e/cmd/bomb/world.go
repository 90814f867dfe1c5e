package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

var versions = map[string]string{
	"Namespace": "v1", "Service": "v1", "Deployment": "apps/v1", "Upstream": "gloo.solo.io/v1",
	"RouteTable": "gateway.solo.io/v1", "VirtualService": "gateway.solo.io/v1",
}

// world is a control plane with Aviary and the objects of many teams.
type world struct {
	cp       *controlplane.ControlPlane
	aviary   *aviary.Instance
	objects  dynamic.Interface
	bypasses dynamic.Interface // of whom the webhooks ignore
	ready    time.Duration
	resident float64 // the most that was seen
}

const (
	teams   = 50
	writers = 16
)

// open starts a control plane with Aviary as it is shipped, and writes the objects of the teams.
func open(ctx context.Context, shipped limits) (_ *world, err error) {
	w := &world{}
	w.cp, err = controlplane.Start(ctx, controlplane.Options{WithoutControllers: true, Progress: os.Stdout})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.cp.Stop())
		}
	}()
	w.aviary, err = aviary.Install(ctx, w.cp, aviary.Options{
		Env: []string{"GOMEMLIMIT=" + shipped.goal}, Progress: os.Stdout,
	})
	if err != nil {
		return nil, err
	}
	if w.objects, err = w.client(""); err != nil {
		return nil, err
	}
	if w.bypasses, err = w.client("system:serviceaccount:aviary-system:aviary"); err != nil {
		return nil, err
	}
	return w, w.write(ctx, teamsObjects()...)
}

// client returns one of an administrator, by another name if there is one.
func (w *world) client(user string) (dynamic.Interface, error) {
	config := rest.CopyConfig(w.cp.Config())
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{}
	if user != "" {
		config.Impersonate = rest.ImpersonationConfig{UserName: user, Groups: []string{"system:masters"}}
	}
	return dynamic.NewForConfig(config)
}

// write creates objects past the webhooks, in this order by kind.
func (w *world) write(ctx context.Context, objects ...string) error {
	for _, kind := range []string{"Namespace", "Deployment", "Service", "Upstream", "RouteTable", "VirtualService"} {
		var group errgroup.Group
		group.SetLimit(writers)
		for _, text := range objects {
			if strings.Contains(text, fmt.Sprintf(`"kind":%q`, kind)) {
				group.Go(func() error { return create(ctx, w.bypasses, text, false) })
			}
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// create creates an object, or has the API server say what it would do.
func create(ctx context.Context, by dynamic.Interface, text string, dryRun bool) error {
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(text)); err != nil {
		return err
	}
	options := metav1.CreateOptions{}
	if dryRun {
		options.DryRun = []string{metav1.DryRunAll}
	}
	_, err := clientOf(by, o).Create(ctx, o, options)
	return err
}

func clientOf(by dynamic.Interface, o *unstructured.Unstructured) dynamic.ResourceInterface {
	of := o.GroupVersionKind()
	all := by.Resource(schema.GroupVersionResource{
		Group: of.Group, Version: of.Version, Resource: strings.ToLower(of.Kind) + "s",
	})
	if o.GetNamespace() == "" {
		return all
	}
	return all.Namespace(o.GetNamespace())
}

// plant writes the bomb, as it was before there was a bound.
func (w *world) plant(ctx context.Context, v variant, o options) error {
	objects := []string{fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, tenant)}
	for n := range o.objects {
		objects = append(objects, v.object(n, o.parts))
	}
	return w.write(ctx, objects...)
}

// mustRefuse expects that the tenant may not have one more.
func (w *world) mustRefuse(ctx context.Context, v variant, o options) error {
	err := create(ctx, w.objects, v.object(o.objects, o.parts), true)
	if err == nil || !strings.Contains(err.Error(), "[size-limits]") {
		return fmt.Errorf("one more must be refused by size-limits, got %w", err)
	}
	fmt.Println("one more is refused:", err)
	return nil
}
