package stories

import (
	"errors"
	"fmt"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestPutBack deletes and edits siblings by hand. Aviary warns and restores them, and keeps foreign
// annotations.
func TestPutBack(t *testing.T) {
	t.Parallel()
	s := begin(t, "put-back")
	s.rolloutTo("weight=50")
	const warning = "puts it back; change the aviary.dev/ annotations of the app's Deployments instead"
	for _, sibling := range []string{"service/echo", "upstream/echo", "routetable/echo-routes"} {
		s.step("%s is deleted", sibling)
		s.mustWarn(warning, s.kubectl("", "delete", sibling))
		s.waitSiblings(seed(t, "echo", s.namespace, 4))
	}
	s.waitEvent("Restored", "somebody deleted it")
	s.step("they are edited")
	s.mustWarn(warning, s.kubectl("", "patch", "routetable", "echo-routes", "--type=json",
		`-p=[{"op": "replace", "path": "/spec/routes/1/routeAction/multi/destinations/0/weight", "value": 40},
		     {"op": "replace", "path": "/spec/routes/1/routeAction/multi/destinations/1/weight", "value": 60},
		     {"op": "add", "path": "/spec/routes/1/options", "value": {"timeout": "5s"}}]`))
	s.mustWarn(warning, s.kubectl("", "patch", "upstream", "echo", "--type=merge", `-p={"spec": {"useHttp2": true, "kube": {"servicePort": 81}}}`))
	s.mustWarn(warning, s.kubectl("", "patch", "service", "echo", "--type=merge", `-p={"spec": {"selector": {"app": "fox"}}, "metadata": {"annotations": {"example.com/keep": "me"}}}`))
	s.waitSiblings(seed(t, "echo", s.namespace, 4))
	s.waitEvent("Restored", "somebody changed it")
	if s.mustGet("services", "echo").GetAnnotations()["example.com/keep"] != "me" {
		t.Error("a foreign annotation must stay")
	}
}

// TestDeleteApp removes apps. Their siblings go with the last version.
func TestDeleteApp(t *testing.T) {
	t.Parallel()
	s := begin(t, "going")
	whole := forApp(readTestdata(t, "six-steps", "step-1.yaml"), "echo", s.namespace)
	gone := func() {
		s.waitGone("routetables", "echo-routes")
		s.waitGone("upstreams", "echo")
		s.waitGone("services", "echo")
	}
	s.step("the last version is deleted")
	s.apply(whole).mustSucceed()
	s.waitSiblings(seed(t, "echo", s.namespace, 1))
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	gone()

	s.step("the last version leaves the app: its manifest has no annotation of Aviary's any more")
	s.apply(whole).mustSucceed()
	s.waitSiblings(seed(t, "echo", s.namespace, 1))
	s.apply(replace(whole, "    aviary.dev/app: echo\n    aviary.dev/api-group: example\n    aviary.dev/role: primary\n", "    example.com/app: echo\n")).mustSucceed()
	gone()

	s.step("the whole namespace goes, with two versions that have traffic")
	s.rolloutTo("weight=50")
	s.kubectl("", "delete", "namespace", s.namespace, "--timeout=60s").mustSucceed()
}

// TestGate has a canary that isn't ready. It gets no share of the traffic until it is.
func TestGate(t *testing.T) {
	t.Parallel()
	s := begin(t, "gate")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	sick := v("v2", "role=canary", "weight=50")
	sick.pod = map[string]string{"sim.aviary.dev/ready": "false"}
	s.apply(sick.String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.eventually("the RouteTable to tell why", func() error {
		const want = "v1 100, v2 0 (declared 50: 0/1 ready)"
		if got := s.mustGet("routetables", "echo-routes").GetAnnotations()["aviary.dev/summary"]; got != want {
			return fmt.Errorf("its summary is %q, must be %q", got, want)
		}
		return nil
	})
	s.step("it may not be promoted, whatever its weight")
	all := sick
	all.annotations = map[string]string{"role": "canary", "weight": "100"}
	s.apply(all.String()).mustSucceed()
	all.annotations = map[string]string{"role": "primary"}
	s.apply(all.String()).mustFail("[promotion]")

	s.step("it becomes ready")
	s.apply(sick.String()).mustSucceed()
	s.kubectl("", "annotate", "pods", "-l", "version=v2", "--overwrite", "sim.aviary.dev/ready=true").mustSucceed()
	s.waitTraffic("echo", halfToV2)

	s.step("it breaks under traffic")
	s.kubectl("", "annotate", "pods", "-l", "version=v2", "--overwrite", "sim.aviary.dev/ready=false").mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.eventually("no replica to be available", func() error {
		d := s.mustGet("deployments", "echo-v2")
		if n, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas"); n > 0 {
			return errors.New("one still is")
		}
		return nil
	})
	s.step("it recovers, and gets its traffic back when it has lasted")
	s.kubectl("", "annotate", "pods", "-l", "version=v2", "--overwrite", "sim.aviary.dev/ready=true").mustSucceed()
	s.waitTraffic("echo", halfToV2) // After 10 s.
}
