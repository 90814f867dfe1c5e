package stories

import (
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestAutoscalers has autoscalers write the scale of versions: Kubernetes' own, which runs here, and others that ask
// for 0. Who may ask for that says the parameter scalers of stranded-traffic.
func TestAutoscalers(t *testing.T) {
	t.Parallel()
	s := begin(t, "autoscalers")
	team := s.tenant("autoscalers-team")
	s.shiftHalf()
	team.apply(v("v3", "role=standby").String()).mustSucceed()

	s.step("a HorizontalPodAutoscaler scales a version with traffic, up to its least and down to its most")
	for _, replicas := range []int64{2, 1} {
		team.apply(fmt.Sprintf(autoscaler, replicas)).mustSucceed()
		s.eventually(fmt.Sprintf("echo-v1 to have %d replicas", replicas), func() error {
			n, _, err := unstructured.NestedInt64(s.mustGet("deployments", "echo-v1").Object, "spec", "replicas")
			if err == nil && n != replicas {
				err = fmt.Errorf("it has %d", n)
			}
			return err
		})
	}
	if n := s.countEvents("FailedRescale", ""); n != 0 {
		t.Errorf("%d of its writes were refused", n)
	}
	s.waitTraffic("echo", halfToV2)

	scale := func(by, deployment string) outcome {
		user := s.user(by, "get deployments.apps", mayScale)
		return user.kubectl("", "scale", "deployment/"+deployment, "--replicas=0", "--dry-run=server")
	}
	const other, named = "system:serviceaccount:scalers:keda-operator",
		"system:serviceaccount:kube-system:horizontal-pod-autoscaler"
	s.step("one that nobody named asks for 0: refused where the live table gives traffic")
	scale(other, "echo-v1").mustFail("[stranded-traffic] v1 carries 50 % of the traffic of app echo")
	if warned := scale(other, "echo-v3").mustSucceed().warnings(); len(warned) > 0 {
		t.Errorf("a version without traffic may be scaled to 0, warns: %q", warned)
	}
	s.step("one that is named is warned")
	s.mustWarn("[stranded-traffic]", scale(named, "echo-v1"))
}

// autoscaler has at least and at most as many replicas, so that it asks for no metrics.
const autoscaler = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: echo-v1}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: echo-v1}
  minReplicas: %[1]d
  maxReplicas: %[1]d
`
