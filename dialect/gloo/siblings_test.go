package gloo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// The seed's step 4, typed from its text, with Aviary's mark.
const step4 = `
- apiVersion: v1
  kind: Service
  metadata: {name: echo, namespace: echo, labels: {app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo}}
  spec:
    type: ClusterIP
    ports:
    - port: 80
      targetPort: 8080
      protocol: TCP
    selector:
      app: echo
- apiVersion: gloo.solo.io/v1
  kind: Upstream
  metadata: {name: echo, namespace: echo, labels: {app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo}}
  spec:
    kube:
      selector:
        app: echo
      serviceName: echo
      serviceNamespace: echo
      servicePort: 80
      subsetSpec:
        selectors:
        - keys:
          - version
- apiVersion: gateway.solo.io/v1
  kind: RouteTable
  metadata:
    name: echo-routes
    namespace: echo
    labels: {apiGroup: example, app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo}
    annotations: {aviary.dev/summary: "v1 50, v2 50"}
  spec:
    routes:
    - matchers:
      - headers:
        - name: stage
          value: canary
        prefix: /echo
      routeAction:
        single:
          upstream:
            name: echo
            namespace: echo
          subset:
            values:
              version: v2
    - matchers:
      - prefix: /echo
      routeAction:
        multi:
          destinations:
          - destination:
              upstream:
                name: echo
                namespace: echo
              subset:
                values:
                  version: v1
            weight: 50
          - destination:
              upstream:
                name: echo
                namespace: echo
              subset:
                values:
                  version: v2
            weight: 50
`

func version(name string, role convention.Role, change ...func(*convention.Version)) *convention.Version {
	v := &convention.Version{
		Namespace: "echo", Deployment: "echo-" + name, App: "echo", Name: name, Role: role,
		Replicas: 1, APIGroup: "example", Ports: []convention.ContainerPort{{ContainerPort: 8080}},
	}
	for _, f := range change {
		f(v)
	}
	return v
}

func app(versions ...*convention.Version) *convention.App {
	return convention.NewApp("echo", "echo", versions, nil, convention.Settings{
		Keys: convention.DefaultLabelKeys(), CanaryHeaders: []route.Header{{Name: "stage", Value: "canary"}}, Port: 80,
	})
}

func objects(a *convention.App) []*unstructured.Unstructured {
	var out []*unstructured.Unstructured
	for _, s := range (Dialect{}).Siblings(a, a.Plan(nil)) {
		out = append(out, s.Object())
	}
	return out
}

func TestSiblings(t *testing.T) {
	t.Parallel()
	a := app(version("v1", convention.Primary),
		version("v2", convention.Canary, func(v *convention.Version) { v.Weight = 50 }))
	got := objects(a)
	if diff := cmp.Diff(listOf(t, step4), got); diff != "" {
		t.Errorf("Siblings(): -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(got, objects(a)); diff != "" {
		t.Errorf("Siblings() twice: %s", diff)
	}
	for _, u := range got {
		u.DeepCopy() // panics on a value that no decoder gives
	}
}

// listOf reads objects as a client does, with whole numbers as int64.
func listOf(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var items []any
	if err := utiljson.Unmarshal(data, &items); err != nil {
		t.Fatal(err)
	}
	var out []*unstructured.Unstructured
	for _, item := range items {
		out = append(out, &unstructured.Unstructured{Object: item.(map[string]any)})
	}
	return out
}

func TestSiblingsWhich(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason   string
		versions []*convention.Version
		want     []string
	}{
		"All": {
			"in the order in which they are applied",
			[]*convention.Version{version("v1", convention.Primary)},
			[]string{"Service echo", "Upstream echo", "RouteTable echo-routes"},
		},
		"Shadow": {
			"an Upstream of its own",
			[]*convention.Version{version("v1", convention.Primary), version("v2", convention.Shadow)},
			[]string{"Service echo", "Upstream echo", "Upstream echo-shadow-v2", "RouteTable echo-routes"},
		},
		"Unrouted": {"nobody to route to", []*convention.Version{version("v1", convention.Standby)}, []string{
			"Service echo", "Upstream echo",
		}},
		"NoPort": {
			"no Service without a target port",
			[]*convention.Version{version("v1", convention.Primary, func(v *convention.Version) { v.Ports = nil })},
			[]string{"Upstream echo", "RouteTable echo-routes"},
		},
		"Used": {
			"somebody else's are left alone",
			[]*convention.Version{version("v1", convention.Primary, func(v *convention.Version) {
				v.Use = []string{"service", "upstream"}
			})},
			[]string{"RouteTable echo-routes"},
		},
		"None": {"no version, no sibling", nil, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := app(tc.versions...)
			var got []string
			for _, u := range objects(a) {
				got = append(got, u.GetKind()+" "+u.GetName())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nSiblings(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestFallbackPolicy(t *testing.T) {
	t.Parallel()
	cases := map[convention.Fallback]any{
		convention.FallbackUnset: nil, // Gloo's default holds
		convention.FallbackAny:   "ANY_ENDPOINT",
		convention.FallbackNone:  "NO_FALLBACK",
	}
	for said, want := range cases {
		versions := []*convention.Version{version("v1", convention.Primary), version("v2", convention.Shadow)}
		a := convention.NewApp("echo", "echo", versions, nil,
			convention.Settings{Keys: convention.DefaultLabelKeys(), Port: 80, Fallback: said})
		got := objects(a)
		subsets, _, err := unstructured.NestedMap(got[1].Object, "spec", "kube", "subsetSpec")
		if err != nil || subsets["fallbackPolicy"] != want || subsets["selectors"] == nil {
			t.Errorf("%q: the subsets are %v, want the policy %v (%v)", said, subsets, want, err)
		}
		if _, ok, _ := unstructured.NestedMap(got[2].Object, "spec", "kube", "subsetSpec"); ok {
			t.Errorf("%q: a shadow's Upstream has no subsets, so nothing falls back", said)
		}
	}
}

func TestServicePort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{"http": "http", "9090": int64(9090)} {
		a := app(version("v1", convention.Primary, func(v *convention.Version) { v.TargetPort = text }))
		ports, _, err := unstructured.NestedSlice(objects(a)[0].Object, "spec", "ports")
		if err != nil {
			t.Fatal(err)
		}
		if got := ports[0].(map[string]any)["targetPort"]; got != want {
			t.Errorf("targetPort of %q = %#v, want %#v", text, got, want)
		}
	}
}
