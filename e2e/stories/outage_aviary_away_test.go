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

// testAviaryDown kills Aviary and starts it again.
func testAviaryDown(t *testing.T, p *plane) {
	s, collected := beginOn(t, p, "down"), beginOn(t, p, "collected-while-down")
	deletedBefore, deletedWhile := beginOn(t, p, "deleted-before"), beginOn(t, p, "deleted-while-down")
	for _, x := range []*story{s, collected, deletedBefore, deletedWhile} {
		x.shiftHalf()
	}
	s.step("namespaces are deleted right before Aviary is killed, and right after")
	deletedBefore.kubectl("", "delete", "namespace", deletedBefore.namespace, "--wait=false").mustSucceed()
	s.must(p.aviary.Kill())
	deletedWhile.kubectl("", "delete", "namespace", deletedWhile.namespace, "--wait=false").mustSucceed()

	s.step("a user's change of an annotated Deployment gets a clear error, its status and scale can be written")
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

	s.step("finalizers, foreign annotations and owners can be written")
	const foreign = `{"metadata": {"finalizers": ["example.com/hold"], "annotations": {"example.com/x": "y"}}}`
	s.mergePatch("deployment", "echo-v1", foreign).mustSucceed()
	s.mergePatch("deployment", "echo-v1", `{"metadata": {"finalizers": null}}`).mustSucceed()

	s.step("what the garbage collector deletes passes by the match conditions")
	collected.kubectl("", "create", "configmap", "owner").mustSucceed()
	uid := collected.kubectl("", "get", "configmap", "owner", "-o", "jsonpath={.metadata.uid}").mustSucceed().stdout
	for _, name := range []string{"echo-v1", "echo-v2"} {
		collected.mergePatch("deployment", name, `{"metadata": {"ownerReferences": [
			{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "`+uid+`"}]}}`).mustSucceed()
	}
	collected.kubectl("", "delete", "configmap", "owner").mustSucceed()
	collected.waitGone("deployments", "echo-v1")
	collected.waitGone("deployments", "echo-v2")
	collected.waitNoSiblings()

	s.step("the deletion of both namespaces is completed")
	deletedBefore.deleteNamespace()
	deletedWhile.deleteNamespace()

	s.step("Aviary comes back and works as before")
	s.must(p.aviary.Start(t.Context()))
	s.waitTraffic("echo", v2At0)
	s.apply(s.table("by-hand", destination{"v9", 0})).mustFail("[version-deployed]")
}
