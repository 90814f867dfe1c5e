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
	client := s.client("deployments")
	refused := func(how string, err error) {
		t.Helper()
		const message = "[stranded-traffic] v1 carries 50 % of the traffic of app echo and may not be scaled to 0"
		if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), message) {
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
	s.step("one that the configuration allows to scale to zero gets a warning")
	keda := s.user("system:serviceaccount:keda:keda-operator", "get deployments.apps", mayScale)
	toZero := keda.kubectl("", "scale", "deployment/echo-v1", "--replicas=0", "--dry-run=server")
	s.mustWarn("[stranded-traffic]", toZero)
	s.step("a canary may be scaled to 0: its weight and its header route wait, and nobody finds fault with it")
	s.kubectl("", "scale", "deployment/echo-v2", "--replicas=0").mustSucceed()
	s.waitTraffic("echo", v2At0)
	if r := s.cli().audit("--namespace=" + s.namespace); r.code != 0 || strings.Contains(r.stdout, "version-deployed") {
		t.Errorf("an audit must find nothing, has exit code %d and says\n%s", r.code, r.stdout)
	}
	s.step("scaled up, it has both again")
	s.kubectl("", "scale", "deployment/echo-v2", "--replicas=1").mustSucceed()
	s.waitTraffic("echo", halfToV2)
	if n := s.countEvents("RuleBroken", "v2"); n > 0 {
		t.Errorf("%d Events say that a canary at 0 breaks a rule", n)
	}
	s.step("so it is without a weight, when only its header gives it requests")
	s.apply(v("v2", "role=canary", "weight=0").String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.kubectl("", "scale", "deployment/echo-v2", "--replicas=0").mustSucceed()
	s.waitTraffic("echo", v2At0)
	s.step("the only running version may be switched off, with a warning")
	s.mustWarn("[stranded-traffic]", s.kubectl("", "scale", "deployment/echo-v1", "--replicas=0"))
	s.waitEvent("RuleBroken", "Aviary writes this RouteTable from aviary.dev/weight of Deployment echo-v1: scale that up")
	s.waitTraffic("echo", v2At0)
}
