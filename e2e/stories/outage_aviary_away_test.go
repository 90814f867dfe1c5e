package stories

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// TestAway kills and uninstalls Aviary, and shows what Kubernetes and users can still do meanwhile.
func TestAway(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	p.install(t, aviary.Options{})
	for _, chapter := range []struct {
		name string
		test func(*testing.T, *plane)
	}{
		{"it is down", testAviaryDown},
		{"it only warned", testOnlyNewFaults},
		{"it is uninstalled", testAviaryUninstalled},
		{"it comes with other label keys", testOtherLabelKeys},
	} {
		if !t.Run(chapter.name, func(t *testing.T) { chapter.test(t, p) }) {
			return
		}
	}
}

// deleteNamespace deletes the story's namespace and waits until it no longer exists.
func (s *story) deleteNamespace() {
	s.Helper()
	began := time.Now()
	s.kubectl("", "delete", "namespace", s.namespace, "--ignore-not-found", "--timeout=60s").mustSucceed()
	s.Logf("namespace %s was gone after another %s", s.namespace, time.Since(began).Round(time.Millisecond))
}

func testAviaryDown(t *testing.T, p *plane) {
	s, goes, cascade, dies := beginOn(t, p, "down"), beginOn(t, p, "goes-while-down"), beginOn(t, p, "collected-while-down"), beginOn(t, p, "goes-while-it-dies")
	for _, x := range []*story{s, goes, cascade, dies} {
		x.shiftHalf()
	}
	s.step("a namespace goes while Aviary dies")
	dies.kubectl("", "delete", "namespace", dies.namespace, "--wait=false").mustSucceed()
	if err := p.aviary.Kill(); err != nil {
		t.Fatal(err)
	}
	goes.kubectl("", "delete", "namespace", goes.namespace, "--wait=false").mustSucceed()

	s.step("a user's change of an annotated Deployment gets a clear error, its status and scale go on")
	for _, out := range []outcome{
		s.kubectl("", "delete", "deployment", "echo-v2"),
		s.apply(forApp(readTestdata(t, "six-steps", "step-1.yaml"), "new", s.namespace)),
		s.apply(s.table("by-hand", destination{"v1", 0})),
	} {
		out.mustFail("failed calling webhook", "aviary.dev", "connection refused")
		t.Logf("it says: %s", strings.TrimSpace(out.stderr))
	}
	s.kubectl("", "scale", "deployment", "echo-v2", "--replicas=2").mustSucceed()
	s.kubectl("", "scale", "deployment", "echo-v2", "--replicas=0").mustSucceed()
	s.eventually("the controllers to go on", func() error {
		d := s.mustGet("deployments", "echo-v2")
		if n, _, _ := unstructured.NestedInt64(d.Object, "status", "observedGeneration"); n < d.GetGeneration() {
			return fmt.Errorf("the status is of generation %d, the Deployment is at %d", n, d.GetGeneration())
		}
		return nil
	})

	s.step("finalizers, foreign annotations and owners are nobody's business")
	s.kubectl("", "patch", "deployment", "echo-v1", "--type=merge", `-p={"metadata": {"finalizers": ["example.com/hold"], "annotations": {"example.com/x": "y"}}}`).mustSucceed()
	s.kubectl("", "patch", "deployment", "echo-v1", "--type=merge", `-p={"metadata": {"finalizers": null}}`).mustSucceed()

	s.step("what the garbage collector deletes passes by the match conditions")
	cascade.kubectl("", "create", "configmap", "owner").mustSucceed()
	uid := cascade.kubectl("", "get", "configmap", "owner", "-o", "jsonpath={.metadata.uid}").mustSucceed().stdout
	for _, name := range []string{"echo-v1", "echo-v2"} {
		cascade.kubectl("", "patch", "deployment", name, "--type=merge",
			`-p={"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "`+uid+`"}]}}`).mustSucceed()
	}
	cascade.kubectl("", "delete", "configmap", "owner").mustSucceed()
	cascade.waitGone("deployments", "echo-v1")
	cascade.waitGone("deployments", "echo-v2")
	cascade.waitNoSiblings()

	s.step("namespaces go, though Aviary died, and though it was away when their end began")
	dies.deleteNamespace()
	goes.deleteNamespace()

	s.step("Aviary comes back and finds all as it was")
	if err := p.aviary.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.waitTraffic("echo", headerV2)
	s.apply(s.table("by-hand", destination{"v9", 0})).mustFail("[version-deployed]")
}
