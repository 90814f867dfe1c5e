package webhook_test

import (
	"context"
	"strings"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/webhook"
)

// all may do everything.
type all struct{}

func (all) May(context.Context, authenticationv1.UserInfo, authorizationv1.ResourceAttributes) (bool, error) {
	return true, nil
}

// overridden are the annotations of an override that an hour has not passed since.
const overridden = `"annotations":{"aviary.dev/override":"stranded-traffic: it moves",
"aviary.dev/overridden-at":"2026-01-02T03:04:05Z"},`

// strands is a cluster in which a route by hand leads to version v1 of the workload kind, through an Upstream and a
// Service of somebody else's.
func strands(t *testing.T, kind schema.GroupKind, workload string) *webhook.Validate {
	t.Helper()
	store, live := inventory.NewStore(), fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme())
	for _, o := range []struct {
		kind schema.GroupKind
		text string
	}{
		{kind, workload},
		{serviceKind, echoService},
		{upstreamKind, strings.Replace(echoOwn, ","+ownLabels, "", 1)},
		{tableKind, byHand},
	} {
		put(t, store, o.kind, o.text)
		live = live.WithObjects(stored(t, o.kind, o.text))
	}
	v := validator(t, store)
	v.Live, v.Rights = inventorytest.Cluster(live.Build()), all{}
	v.Now = func() time.Time { return time.Date(2026, 1, 2, 3, 30, 0, 0, time.UTC) }
	return v
}

// What takes the last workload from a route is refused, whichever object it is, unless its override says so.
func TestWhatStrandsIsRefused(t *testing.T) {
	t.Parallel()
	const (
		scale   = `{"kind":"Scale","metadata":{"name":"echo-v1","namespace":"n"},"spec":{"replicas":%}}`
		lost    = "[stranded-traffic] RouteTable n/by-hand (spec.routes[0]) sends traffic to v1 of upstream n/echo"
		scaled  = "spec.replicas: " + lost
		picks   = "spec.selector: " + lost
		meaning = "overridden (it moves): "
	)
	of := `"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"x"}`
	plain := strings.Replace(version("v1", "x"), of, `"generation":1`, 1)
	said := strings.Replace(plain, `"generation":1`, strings.TrimSuffix(overridden, ","), 1)
	foxes := strings.Replace(echoService, `"app":"echo"`, `"app":"fox"`, 1)
	relabelled := strings.Replace(plain, `"app":"echo"`, `"app":"fox"`, 1)
	one, none := strings.Replace(scale, "%", "1", 1), strings.Replace(scale, "%", "0", 1)
	for name, c := range map[string]struct {
		workload               schema.GroupKind
		object                 string
		resource, of, old, now string
		says                   string
	}{
		"StatefulSetScale": {fact.StatefulSetKind, plain, "statefulsets", "Scale", one, none, scaled},
		"OverriddenScale":  {fact.StatefulSetKind, said, "statefulsets", "Scale", one, none, meaning},
		"DeploymentScale":  {fact.DeploymentKind, plain, "deployments", "Scale", one, none, scaled},
		"ScaleOfNoWorkload": {
			fact.StatefulSetKind, plain, "services", "Scale", one, none, "a kind that Aviary does not judge",
		},
		"DaemonSetRelabelled": {
			fact.DaemonSetKind, plain, "daemonsets", "DaemonSet", plain, relabelled, "labels: [stranded-traffic]",
		},
		"DaemonSetGoes": {fact.DaemonSetKind, plain, "daemonsets", "DaemonSet", plain, "", "name: [stranded-traffic]"},
		"Service":       {fact.DeploymentKind, plain, "services", "Service", echoService, foxes, picks},
		"OverriddenService": {
			fact.DeploymentKind, plain, "services", "Service", echoService,
			strings.Replace(foxes, `"name"`, overridden+`"name"`, 1), meaning,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operation, group := "UPDATE", "apps"
			if c.now == "" {
				operation = "DELETE"
			}
			if c.of == "Service" {
				group = ""
			}
			body := review(t, c.resource, group, c.of, operation, text(c.now), text(c.old))
			if c.of == "Scale" {
				body = []byte(strings.Replace(string(body), `"operation"`, `"subResource":"scale","operation"`, 1))
			}
			got := post(t, strands(t, c.workload, c.object), body)
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			if got.Allowed != (c.says == meaning) || !strings.Contains(said, c.says) {
				t.Errorf("allowed %v, says %s; want %q", got.Allowed, said, c.says)
			}
		})
	}
}
