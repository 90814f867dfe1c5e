package fact_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/route"
)

func decode(t *testing.T, group, kind, text string) fact.Fact {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, err := glootest.Kinds().Decode(schema.GroupKind{Group: group, Kind: kind}, data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestDeployed(t *testing.T) {
	t.Parallel()
	const head = "metadata: {name: echo-v1, namespace: echo, annotations: {aviary.dev/app: echo"
	cases := map[string]struct {
		reason, kind, text string
		want               bool
	}{
		"Default": {"replicas default to 1", "Deployment", head + "}}", true},
		"Zero":    {"asks for none", "Deployment", head + "}}\nspec: {replicas: 0}", false},
		"Ungated": {
			"an autoscaler wakes it", "Deployment", head + ", aviary.dev/ungated: 'true'}}\nspec: {replicas: 0}", true,
		},
		"Terminating": {"on its way out", "Deployment", head + "}, deletionTimestamp: '2026-01-01T00:00:00Z'}", false},
		"StatefulSet": {"as a Deployment", "StatefulSet", "metadata: {name: a}\nspec: {replicas: 0}", false},
		"DaemonSet":   {"has no replicas field", "DaemonSet", "metadata: {name: a}\nstatus: {numberAvailable: 2}", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := decode(t, "apps", tc.kind, tc.text).(*fact.Workload)
			if got := w.Deployed(); got != tc.want {
				t.Errorf("%s\nDeployed() = %t, want %t", tc.reason, got, tc.want)
			}
			if (w.Version != nil) != (tc.kind == "Deployment") {
				t.Errorf("a %s with version %v", tc.kind, w.Version)
			}
		})
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	upstream := route.ID{
		GroupKind: schema.GroupKind{Group: "gloo.solo.io", Kind: "Upstream"},
		Ref:       route.Ref{Namespace: "a", Name: "u"},
	}
	const marked = "labels: {app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo}"
	cases := map[string]struct {
		reason, group, kind, text string
		want                      fact.Fact
	}{
		"Unknown":    {"no facts are kept of it", "", "ConfigMap", "metadata: {name: a}", nil},
		"OtherGroup": {"Gloo Mesh has a RouteTable too", "networking.gloo.solo.io", "RouteTable", "metadata: {name: a}", nil},
		"Managed": {"the name and the label", "", "Service", `
metadata: {name: echo, namespace: echo, uid: u, resourceVersion: '1', ` + marked + `}
spec: {selector: {app: echo}}`, &fact.Service{
			Ref:      route.Ref{Namespace: "echo", Name: "echo"},
			Managed:  fact.Managed{App: "echo", UID: "u", ResourceVersion: "1"},
			Selector: map[string]string{"app": "echo"},
		}},
		"NotManaged": {
			"another app's label", "", "Service",
			"metadata: {name: echo, namespace: echo, labels: {aviary.dev/app: fox}}",
			&fact.Service{Ref: route.Ref{Namespace: "echo", Name: "echo"}},
		},
		"Upstream": {"of kube all that is asked", "gloo.solo.io", "Upstream", `
metadata: {name: u, namespace: a}
spec:
  kube:
    serviceName: s
    serviceNamespace: b
    servicePort: 80
    selector: {app: x}
    subsetSpec: {selectors: [{keys: [version]}]}`, &fact.Backend{
			ID: upstream, Pods: true, Selector: map[string]string{"app": "x"},
			Service: route.Ref{Namespace: "b", Name: "s"}, Port: 80, SubsetKeys: [][]string{{"version"}},
		}},
		"Static": {
			"another type has no Service", "gloo.solo.io", "Upstream",
			"metadata: {name: u, namespace: a}\nspec: {static: {}}", &fact.Backend{ID: upstream},
		},
		"Namespace": {
			"a comma list, once each", "", "Namespace",
			"metadata: {name: a, annotations: {aviary.dev/api-group: 'x, y,,x '}}",
			&fact.Namespace{Name: "a", APIGroups: []string{"x", "y"}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, decode(t, tc.group, tc.kind, tc.text), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\nDecode(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestReadPod(t *testing.T) {
	t.Parallel()
	owned := func(kind, more string) string {
		return "metadata: {name: p, ownerReferences: [{kind: " + kind + ", name: o, controller: true}], " +
			"labels: {app: echo" + more + "}}\nstatus: {phase: Running}"
	}
	cases := map[string]struct {
		reason, text string
		want         bool
	}{
		"Bare":    {"nobody else makes it", "metadata: {name: p}\nstatus: {phase: Running}", true},
		"Pending": {"does not run", "metadata: {name: p}\nstatus: {phase: Pending}", false},
		"Going": {
			"does not stay",
			"metadata: {name: p, deletionTimestamp: '2026-01-01T00:00:00Z'}\nstatus: {phase: Running}", false,
		},
		"Deployment":  {"its Deployment counts", owned("ReplicaSet", ", pod-template-hash: x"), false},
		"StatefulSet": {"it counts itself", owned("StatefulSet", ""), false},
		"DaemonSet":   {"it counts itself", owned("DaemonSet", ""), false},
		"Rollout": {
			"Argo Rollouts has ReplicaSets of its own", owned("ReplicaSet", ", rollouts-pod-template-hash: x"), true,
		},
		"Job": {"some other controller", owned("Job", ""), true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p corev1.Pod
			if err := yaml.Unmarshal([]byte(tc.text), &p); err != nil {
				t.Fatal(err)
			}
			if got := fact.ReadPod(&p); (got != nil) != tc.want {
				t.Errorf("%s\nReadPod() = %v, want one: %t", tc.reason, got, tc.want)
			}
		})
	}
}
