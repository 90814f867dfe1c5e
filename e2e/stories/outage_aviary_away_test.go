package stories

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

// ownPlane starts a plane for one test, with an Aviary that the test may stop.
func ownPlane(t *testing.T, options func(*plane) aviary.Options) *plane {
	t.Helper()
	p, err := startPlane(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.close() != 0 {
			t.Error("the plane did not close well")
		}
	})
	p.install(t, options(p))
	return p
}

// install installs Aviary, also again after it was uninstalled.
func (p *plane) install(t *testing.T, options aviary.Options) {
	t.Helper()
	var err error
	options.Progress = testWriter{t}
	if p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, options); err != nil {
		t.Fatal(err)
	}
}

// TestAway kills and uninstalls Aviary, and shows what Kubernetes and users can still do meanwhile.
func TestAway(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, func(*plane) aviary.Options { return aviary.Options{} })
	for _, chapter := range []struct {
		name string
		test func(*testing.T, *plane)
	}{
		{"it is down", testAviaryDown}, {"it only warned", testOnlyNewFaults}, {"it is uninstalled", testAviaryUninstalled}, {"it comes with other label keys", testOtherLabelKeys},
	} {
		if !t.Run(chapter.name, func(t *testing.T) { chapter.test(t, p) }) {
			return
		}
	}
}

// shiftHalf applies an app whose canary v2 has half of the traffic.
func (s *story) shiftHalf() {
	s.Helper()
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", halfToV2)
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

func testAviaryUninstalled(t *testing.T, p *plane) {
	s, goes, last := beginOn(t, p, "uninstalled"), beginOn(t, p, "goes-uninstalled"), beginOn(t, p, "last-uninstalled")
	for _, x := range []*story{s, goes, last} {
		x.shiftHalf()
	}
	before := s.siblingUIDs()
	s.step("the webhook configurations go first, in one command; then all the rest")
	s.kubectl("", "delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "aviary").mustSucceed()
	if err := p.aviary.Stop(); err != nil {
		t.Fatal(err)
	}
	_, _, err := p.Kubectl(t.Context(), "", "delete", "clusterrole,clusterrolebinding,namespace", "-l", "app.kubernetes.io/name=aviary", "--timeout=60s")
	if err != nil {
		t.Fatal(err)
	}
	s.waitTraffic("echo", halfToV2)
	if now := s.siblingUIDs(); now != before {
		t.Errorf("the siblings must stay: they were %s, are %s", before, now)
	}
	s.step("nobody is asked any more, and Kubernetes goes on cleaning up")
	last.kubectl("", "delete", "deployment", "echo-v1", "echo-v2").mustSucceed()
	last.waitNoSiblings()
	goes.deleteNamespace()
	s.storeUnreadable()
}

// unreadable is a RouteTable that only a CRD without a schema admits.
const unreadable = `{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: unreadable, namespace: default}, spec: {routes: {weight: "50"}}}`

// storeUnreadable stores it while the CRD has no schema.
func (s *story) storeUnreadable() {
	s.Helper()
	s.step("an object is stored that a later schema would not let pass")
	const crd, schema = "routetables.gateway.solo.io", "/spec/versions/0/schema/openAPIV3Schema/properties/spec"
	put := func(value string) {
		s.kubectl("", "patch", "crd", crd, "--type=json", `-p=[{"op": "replace", "path": "`+schema+`", "value": `+value+`}]`).mustSucceed()
	}
	before := s.kubectl("", "get", "crd", crd, "-o", "jsonpath={.spec.versions[0].schema.openAPIV3Schema.properties.spec}").mustSucceed().stdout
	put(`{"type": "object", "x-kubernetes-preserve-unknown-fields": true}`)
	s.eventually("the API server to take it", func() error {
		_, _, err := s.Kubectl(s.Context(), unreadable, "apply", "-f", "-")
		return err
	})
	put(before)
}
