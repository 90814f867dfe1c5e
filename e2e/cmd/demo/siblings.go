package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	app          = "echo"
	tableName    = app + "-routes"
	pollInterval = 20 * time.Millisecond
	patience     = 45 * time.Second
)

var (
	services    = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	upstreams   = schema.GroupVersionResource{Group: "gloo.solo.io", Version: "v1", Resource: "upstreams"}
	routeTables = schema.GroupVersionResource{Group: "gateway.solo.io", Version: "v1", Resource: "routetables"}
	deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
)

// sibling is what is shown of an object that Aviary manages.
type sibling struct {
	kind, name, about, spec string
}

// siblings are the app's Service, Upstream and RouteTable at one moment, with its traffic and Pods.
type siblings struct {
	list     []sibling
	traffic  traffic
	owners   []string // The Deployments that each of them belongs to.
	pods     string   // "echo-v1 1/1, echo-v2 1/1"
	ready    bool     // All Pods are available.
	versions string   // The resource versions of them and of all RouteTables.
}

// await waits until everything is as an action wants it.
func (s *stage) await(ctx context.Context, a action) (now siblings, err error) {
	var last error
	err = wait.PollUntilContextTimeout(ctx, pollInterval, patience, true, func(polling context.Context) (bool, error) {
		if err := s.cp.Crashed(); err != nil {
			return false, err
		}
		read, err := s.read(polling)
		switch {
		case err == nil:
			now, last = read, read.check(a)
		case polling.Err() == nil: // else only the time is up, and the last reason is the better one
			last = err
		default:
			last = cmp.Or(last, err)
		}
		return err == nil && last == nil, nil
	})
	if wait.Interrupted(err) && ctx.Err() == nil {
		err = fmt.Errorf("waited %s, but %w", patience, last)
	}
	return now, err
}

// check returns an error for what is not as an action wants it.
func (n siblings) check(a action) error {
	switch {
	case len(n.list) != 3:
		return fmt.Errorf("there must be a Service, an Upstream and a RouteTable, not %d of them", len(n.list))
	case n.traffic.String() != a.want:
		return fmt.Errorf("the RouteTable must send %q, not %q", a.want, n.traffic)
	case !slices.Equal(n.owners, a.owners):
		return fmt.Errorf("the siblings must belong to %s, not to %s", strings.Join(a.owners, " and "),
			strings.Join(n.owners, " and "))
	case !n.ready:
		return fmt.Errorf("all Pods must be ready: %s", n.pods)
	}
	return nil
}

// read reads everything from the API server.
func (s *stage) read(ctx context.Context) (siblings, error) {
	var n siblings
	if err := s.readPods(ctx, &n); err != nil {
		return n, err
	}
	for _, one := range []struct {
		resource   schema.GroupVersionResource
		kind, name string
		about      func(*unstructured.Unstructured) (string, error)
	}{
		{services, "Service", app, aboutService},
		{upstreams, "Upstream", app, aboutUpstream},
		{routeTables, "RouteTable", tableName, func(o *unstructured.Unstructured) (about string, err error) {
			n.traffic, err = readTraffic(o)
			return fmt.Sprintf("%s; label apiGroup=%s", o.GetAnnotations()["aviary.dev/summary"],
				o.GetLabels()["apiGroup"]), err
		}},
	} {
		o, err := s.objects.Resource(one.resource).Namespace(namespace).Get(ctx, one.name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return n, err
		}
		about, err := one.about(o)
		if err != nil {
			return n, fmt.Errorf("%s %s: %w", one.kind, one.name, err)
		}
		spec, err := json.Marshal(o.Object["spec"])
		if err != nil {
			return n, err
		}
		owners := ownersOf(o)
		if n.owners != nil && !slices.Equal(owners, n.owners) {
			owners = []string{"different Deployments each"}
		}
		n.owners = owners
		n.list = append(n.list, sibling{one.kind, one.name, about, string(spec)})
		n.versions += one.kind + " " + o.GetResourceVersion() + ", "
	}
	tables, err := s.objects.Resource(routeTables).Namespace(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return n, err
	}
	n.versions += fmt.Sprintf("%d RouteTables", len(tables.Items))
	return n, nil
}

// readPods reads how many Pods of each Deployment are available.
func (s *stage) readPods(ctx context.Context, n *siblings) error {
	list, err := s.objects.Resource(deployments).Namespace(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	var parts []string
	n.ready = true
	for _, d := range list.Items {
		want, _, _ := unstructured.NestedInt64(d.Object, "spec", "replicas")
		have, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas")
		parts = append(parts, fmt.Sprintf("%s %d/%d", d.GetName(), have, want))
		n.ready = n.ready && have == want
		n.versions += fmt.Sprintf("%s %d, ", d.GetName(), d.GetGeneration())
	}
	n.pods = strings.Join(parts, ", ")
	return nil
}
