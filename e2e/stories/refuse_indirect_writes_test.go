package stories

import (
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

// TestScale scales by the scale subresource, without a write of the Deployment itself.
func TestScale(t *testing.T) {
	t.Parallel()
	s := begin(t, "scale")
	s.shiftHalf()
	client := s.objects.Resource(gvr("deployments")).Namespace(s.namespace)
	refused := func(how string, err error) {
		t.Helper()
		if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), "[stranded-traffic] v1 carries 50 % of the traffic of app echo and may not be scaled to 0") {
			t.Errorf("%s must be refused by stranded-traffic, got %v", how, err)
		}
	}
	s.step("an autoscaler updates the scale")
	scale, err := client.Get(t.Context(), "echo-v1", metav1.GetOptions{}, "scale")
	if err != nil {
		t.Fatal(err)
	}
	to := func(replicas int64) error {
		s := scale.DeepCopy()
		if err := unstructured.SetNestedField(s.Object, replicas, "spec", "replicas"); err != nil {
			t.Fatal(err)
		}
		if replicas == 0 { // As typed clients send it.
			unstructured.RemoveNestedField(s.Object, "spec", "replicas")
		}
		s.SetResourceVersion("")
		_, err := client.Update(t.Context(), s, metav1.UpdateOptions{}, "scale")
		return err
	}
	refused("an update to 0", to(0))
	if err := to(3); err != nil {
		t.Error(err)
	}
	s.step("another one patches it")
	for _, kind := range []types.PatchType{types.MergePatchType, types.JSONPatchType} {
		patch := `{"spec": {"replicas": 0}}`
		if kind == types.JSONPatchType {
			patch = `[{"op": "replace", "path": "/spec/replicas", "value": 0}]`
		}
		_, err := client.Patch(t.Context(), "echo-v1", kind, []byte(patch), metav1.PatchOptions{}, "scale")
		refused("a "+string(kind), err)
	}
	s.step("one that is configured to scale to zero is warned")
	keda := s.user("system:serviceaccount:keda:keda-operator", "get deployments.apps", mayScale)
	s.mustWarn("[stranded-traffic]", keda.kubectl("", "scale", "deployment/echo-v1", "--replicas=0", "--dry-run=server"))
	s.step("a canary may be scaled to 0, and its weight waits")
	s.kubectl("", "scale", "deployment/echo-v2", "--replicas=0").mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.step("the only running version may be switched off, with a warning")
	s.mustWarn("[stranded-traffic]", s.kubectl("", "scale", "deployment/echo-v1", "--replicas=0"))
	s.waitTraffic("echo", headerV2)
}

// TestIndirectWrites changes what Aviary reads in unusual ways: by the status subresource, by
// removing all annotations, by replacing an object, and by a new label of the Pod template.
func TestIndirectWrites(t *testing.T) {
	t.Parallel()
	s := begin(t, "side-doors")
	s.shiftHalf()
	s.step("kubectl patch --subresource=status changes annotations as well")
	status := func(patch string) outcome {
		return s.kubectl("", "patch", "deployment", "echo-v2", "--subresource=status", "--type=merge", "-p="+patch)
	}
	status(`{"metadata": {"annotations": {"aviary.dev/role": "primary", "aviary.dev/weight": null}}}`).mustFail("promot")
	status(`{"metadata": {"annotations": {"aviary.dev/weight": "101"}}}`).mustFail("[annotations-valid]")
	status(`{"metadata": {"annotations": {"example.com/x": "y"}}, "status": {"conditions": []}}`).mustSucceed()

	s.step("an UPDATE that removes the annotations")
	s.kubectl("", "patch", "deployment", "echo-v1", "--type=merge", `-p={"metadata": {"annotations": null}}`).mustFail("[stranded-traffic]")
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/app-").mustFail("aviary.dev/app")

	s.step("kubectl replace --force deletes and creates: not the primary, but the canary")
	s.kubectl(v("v1", "role=primary").String(), "replace", "--force", "-f", "-").mustFail("[stranded-traffic]")
	s.waitTraffic("echo", halfToV2)
	s.kubectl(v("v2", "role=canary", "weight=50").String(), "replace", "--force", "-f", "-").mustSucceed()
	s.waitAvailable("echo-v2")
	s.waitTraffic("echo", halfToV2)

	s.step("a template that takes another version's label")
	relabel := `-p={"spec": {"template": {"metadata": {"labels": {"version": "v9"}}}}}`
	s.apply(unannotated).mustSucceed()
	s.apply(replace(s.table("by-hand", destination{"v1", 0}), "upstream: {name: echo", "upstream: {name: plain")).mustSucceed()
	s.kubectl("", "patch", "deployment", "plain", "--type=merge", relabel).mustFail("[stranded-traffic]", "RouteTable side-doors/by-hand")
	s.kubectl("", "delete", "deployment", "plain").mustFail("[stranded-traffic]")
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.kubectl("", "patch", "deployment", "plain", "--type=merge", relabel).mustSucceed()
}

// unannotated is a workload without Aviary's annotations, with a hand-made Upstream.
const unannotated = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: plain}
spec:
  selector: {matchLabels: {app: plain}}
  template:
    metadata: {labels: {app: plain, version: v1}}
    spec: {containers: [{name: echo, image: hashicorp/http-echo, ports: [{containerPort: 8080}]}]}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: plain}
spec:
  kube:
    selector: {app: plain}
    serviceName: plain
    serviceNamespace: side-doors
    servicePort: 8080
    subsetSpec: {selectors: [{keys: [version]}]}
---
apiVersion: v1
kind: Service
metadata: {name: plain}
spec: {selector: {app: plain}, ports: [{port: 8080}]}
`
