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
	s.step("nobody runs v9")
	s.apply(s.table("by-hand", destination{"v9", 0})).mustFail("[version-deployed]", "deployed: v1")

	s.step("a Pod does")
	s.apply(`{apiVersion: v1, kind: Pod, metadata: {name: bare, labels: {app: echo, version: v9}}, spec: {containers: [{name: echo, image: hashicorp/http-echo}]}}`).mustSucceed()
	s.eventually("the Pod to run", func() error {
		if phase := s.kubectl("", "get", "pod", "bare", "-o", "jsonpath={.status.phase}").mustSucceed().stdout; phase != "Running" {
			return fmt.Errorf("it is %s", phase)
		}
		return nil
	})
	out := s.apply(s.table("by-hand", destination{"v9", 100}, destination{"v8", 0})).mustSucceed()
	if warned := fmt.Sprint(out.warnings()); strings.Contains(warned, "v9 of") {
		t.Errorf("it warns: %s", warned)
	}
	standing := func(mode string) float64 {
		metrics, err := s.aviary.Metrics(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return metrics.Sum("aviary_standing_findings", "namespace", s.namespace, "rule", "version-deployed", "mode", mode)
	}
	s.eventually("the table to be judged again", func() error {
		if standing("warn") == 0 {
			return errors.New("nothing is said of v8, which gets no traffic")
		}
		return nil
	})
	if denials, told := standing("deny"), s.countEvents("RuleBroken", "version-deployed"); denials+float64(told) > 0 {
		t.Errorf("%g standing findings and %d Events are about a version that runs", denials, told)
	}

	s.step("it does no more, which is seen at the next change of what the route rests on")
	s.kubectl("", "delete", "pod", "bare", "--now").mustSucceed()
	s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=2").mustSucceed()
	s.waitEvent("RuleBroken", "no workload has version v9")
}
