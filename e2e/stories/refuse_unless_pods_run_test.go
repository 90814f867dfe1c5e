package stories

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestBarePods routes by hand to a version that only a bare Pod runs, as Argo Rollouts might. While
// the Pod runs, neither admission nor the re-judgement finds fault with that.
func TestBarePods(t *testing.T) {
	t.Parallel()
	s := begin(t, "bare-pods")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", allToV1)
	s.step("no Pod runs v9")
	s.apply(s.table("by-hand", destination{"v9", 0})).mustFail("[version-deployed]", "deployed: v1")

	s.step("a Pod does")
	s.apply(`
apiVersion: v1
kind: Pod
metadata: {name: bare, labels: {app: echo, version: v9}}
spec: {containers: [{name: echo, image: hashicorp/http-echo}]}
`).mustSucceed()
	s.kubectl("", "wait", "--for=jsonpath={.status.phase}=Running", "pod/bare", "--timeout="+waitLimit.String()).
		mustSucceed()
	out := s.apply(s.table("by-hand", destination{"v9", 100}, destination{"v8", 0})).mustSucceed()
	if warned := fmt.Sprint(out.warnings()); strings.Contains(warned, "v9 of") {
		t.Errorf("it warns: %s", warned)
	}
	findings := func(mode string) float64 {
		metrics, err := s.aviary.Metrics(t.Context())
		s.must(err)
		labels := []string{"namespace", s.namespace, "rule", "version-deployed", "mode", mode}
		return metrics.Sum("aviary_standing_findings", labels...)
	}
	s.eventually("the RouteTable to be judged again", func() error {
		if findings("warn") == 0 {
			return errors.New("there is no warning about v8, which gets no traffic")
		}
		return nil
	})
	denials, events := findings("deny"), s.countEvents("RuleBroken", "version-deployed")
	if denials > 0 || events > 0 {
		t.Errorf("%g findings and %d Events are about a version that runs", denials, events)
	}

	s.step("the Pod is deleted, which is noticed when something else that the route needs changes")
	s.kubectl("", "delete", "pod", "bare", "--now").mustSucceed()
	s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=2").mustSucceed()
	s.waitEvent("RuleBroken", "no workload has version v9")
}
