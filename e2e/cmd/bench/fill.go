package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	writers  = 32
	inOne    = 100 // apps in a namespace
	routesIn = 10  // routes of a RouteTable made by hand
)

var kinds = map[string]schema.GroupVersionResource{
	"Namespace":  {Version: "v1", Resource: "namespaces"},
	"Deployment": {Group: "apps", Version: "v1", Resource: "deployments"},
	"Upstream":   {Group: "gloo.solo.io", Version: "v1", Resource: "upstreams"},
	"Service":    {Version: "v1", Resource: "services"},
	"RouteTable": {Group: "gateway.solo.io", Version: "v1", Resource: "routetables"},

	"VirtualService": {Group: "gateway.solo.io", Version: "v1", Resource: "virtualservices"},
}

// parent is a VirtualService that delegates to every RouteTable.
const parent = `{"apiVersion":"gateway.solo.io/v1","kind":"VirtualService",
"metadata":{"name":"public","namespace":"default"},"spec":{"virtualHost":{"domains":["*"],"routes":[
{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}}]}}}`

// namespaceOf returns the namespace of an app, nameOf its name.
func namespaceOf(app int) string { return fmt.Sprintf("ns-%d", app/inOne) }

func nameOf(app int) string { return fmt.Sprintf("app-%d", app%inOne) }

// fill creates n annotated Deployments, two for each app, and n/2 hand-made RouteTables, while
// there are no webhook configurations. Then it starts Aviary, which creates as many RouteTables
// again, with their Services and Upstreams.
func (f *testbed) fill(ctx context.Context, n int) error {
	apps := n / 2
	began := time.Now()
	if err := f.write(ctx, parent); err != nil {
		return err
	}
	for _, batch := range []func(int) []string{
		func(app int) []string {
			if app%inOne != 0 {
				return nil
			}
			namespace := `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`
			return []string{fmt.Sprintf(namespace, namespaceOf(app))}
		},
		func(app int) []string {
			ns, name := namespaceOf(app), nameOf(app)
			return []string{
				deployment(ns, name, 1, 0), deployment(ns, name, 2, 10),
				table(ns, name+"-by-hand", name, routesIn),
			}
		},
	} {
		var group errgroup.Group
		group.SetLimit(writers)
		for app := range apps {
			for _, text := range batch(app) {
				group.Go(func() error { return f.write(ctx, text) })
			}
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	fmt.Printf("loaded %d annotated Deployments of %d apps and %d RouteTables of %d routes in %s\n",
		2*apps, apps, apps, routesIn, time.Since(began).Round(time.Second))
	began = time.Now()
	if err := f.aviary.Start(ctx); err != nil {
		return err
	}
	err := poll(ctx, 15*time.Minute, func() (bool, error) {
		list, err := f.objects.Resource(kinds["RouteTable"]).List(ctx, metav1.ListOptions{Limit: 1})
		if err != nil || list.GetRemainingItemCount() == nil {
			return false, err
		}
		return int(*list.GetRemainingItemCount())+1 == 2*apps, nil
	})
	fmt.Printf("Aviary made their %d Services, Upstreams and RouteTables in %s\n", apps,
		time.Since(began).Round(time.Second))
	return err
}

// write creates an object.
func (f *testbed) write(ctx context.Context, text string) error {
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(text)); err != nil {
		return err
	}
	if o.GetNamespace() == "" {
		_, err := f.objects.Resource(kinds[o.GetKind()]).Create(ctx, o, metav1.CreateOptions{})
		return err
	}
	_, err := f.objects.Resource(kinds[o.GetKind()]).Namespace(o.GetNamespace()).Create(ctx, o, metav1.CreateOptions{})
	return err
}

// deployment returns one version of an app with all defaults.
func deployment(namespace, app string, version, weight int) string {
	const stamp = "2026-01-02T03:04:05.000Z"
	role := `"aviary.dev/role":"primary","aviary.dev/promoted-at":"` + stamp + `"`
	if version > 1 {
		role = fmt.Sprintf(`"aviary.dev/role":"canary","aviary.dev/weight":"%d",`+
			`"aviary.dev/weight-raised-at":%q`, weight, stamp)
	}
	labels := fmt.Sprintf(`{"app":%q,"version":"v%d"}`, app, version)
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%s-v%d","namespace":%q,`+
		`"annotations":{"aviary.dev/app":%q,"aviary.dev/api-group":"example","aviary.dev/ungated":"true",%s,`+
		`"aviary.dev/paths":"/%s/%s"}},`+
		`"spec":{"replicas":1,"selector":{"matchLabels":%s},"template":{"metadata":{"labels":%s},`+
		`"spec":{"containers":[{"name":"main","image":"none","ports":[{"containerPort":80}]}]}}}}`,
		app, version, namespace, app, role, namespace, app, labels, labels)
}

// table returns a RouteTable of n routes, each split over both versions of an app.
func table(namespace, name, app string, n int) string {
	var routes []string
	for i := range n {
		var to []string
		for version, weight := range []int{90, 10} {
			to = append(to, fmt.Sprintf(`{"weight":%d,"destination":{`+
				`"upstream":{"name":%q,"namespace":%q},"subset":{"values":{"version":"v%d"}}}}`,
				weight, app, namespace, version+1))
		}
		routes = append(routes,
			fmt.Sprintf(`{"matchers":[{"prefix":"/%s/%s/%d"}],"routeAction":{"multi":{"destinations":[%s]}}}`,
				namespace, name, i, strings.Join(to, ",")))
	}
	return fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable",`+
		`"metadata":{"name":%q,"namespace":%q,"labels":{"apiGroup":"example"}},"spec":{"routes":[%s]}}`,
		name, namespace, strings.Join(routes, ","))
}
