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

// TestRolloutsPods routes by hand to versions of which there are Pods alone, as of an Argo Rollout: no workload that
// Aviary watches is behind the Upstream. Admission says what an audit says.
func TestRolloutsPods(t *testing.T) {
	t.Parallel()
	s := begin(t, "rollouts-pods")
	const key = "rollouts-pod-template-hash"
	_, behind, _ := strings.Cut(unannotated, "---")
	behind = replace(behind, "serviceNamespace: indirect-writes", "serviceNamespace: "+s.namespace)
	s.apply(replace(behind, "keys: [version]", "keys: ["+key+"]")).mustSucceed()
	table := func(hashes ...string) outcome {
		text := s.table("by-hand", destination{hashes[0], 90}, destination{hashes[1], 10})
		text = replace(text, "upstream: {name: echo", "upstream: {name: plain")
		return s.apply(replace(text, "{version: ", "{"+key+": "))
	}
	s.step("nobody is there yet: a first installation")
	s.mustWarn("(deployed: none)", table("aaa111", "bbb222"))
	for _, hash := range []string{"aaa111", "bbb222"} {
		s.apply(fmt.Sprintf(replicaSet, hash)).mustSucceed()
	}
	s.kubectl("", "wait", "--for=jsonpath={.status.readyReplicas}=1", "replicaset", "--all",
		"--timeout="+waitLimit.String()).mustSucceed()
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()

	s.step("both are there, which is noticed at the latest when Aviary looks again for who was absent")
	s.eventually("no warning of versions whose Pods run", func() error {
		warned := fmt.Sprint(table("aaa111", "bbb222").mustSucceed().warnings())
		if strings.Contains(warned, "[version-deployed]") {
			return fmt.Errorf("it warns: %s", warned)
		}
		return nil
	})
	s.step("one is not")
	table("aaa111", "dead00").mustFail("[version-deployed]", "(deployed: aaa111, bbb222)")
}

// replicaSet has Pods that no Deployment made.
const replicaSet = `
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: plain-%[1]s}
spec:
  selector: {matchLabels: {app: plain, rollouts-pod-template-hash: %[1]s}}
  template:
    metadata: {labels: {app: plain, rollouts-pod-template-hash: %[1]s}}
    spec: {containers: [{name: echo, image: hashicorp/http-echo, ports: [{containerPort: 8080}]}]}
`
