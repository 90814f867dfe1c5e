package controlplane_test

import (
	"testing"
	"time"

	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

func testDeployment(t *testing.T, cp *controlplane.ControlPlane) {
	run(t, cp, "", "create", "deployment", "web", "--image=web", "--replicas=2")
	began := time.Now()
	run(t, cp, "", "rollout", "status", "deployment/web", "--timeout=60s")
	t.Logf("2 replicas available after %s", time.Since(began).Round(10*time.Millisecond))

	available := "jsonpath={.status.availableReplicas}"
	pod := run(t, cp, "", "get", "pods", "-l=app=web", "-o=jsonpath={.items[0].metadata.name}")
	run(t, cp, "", "annotate", "pod", pod, nodes.ReadyAnnotation+"=false")
	eventually(t, "1 replica to be available", func() bool {
		return run(t, cp, "", "get", "deployment", "web", "-o", available) == "1"
	})
	run(t, cp, "", "annotate", "pod", pod, nodes.ReadyAnnotation+"-")
	eventually(t, "2 replicas to be available", func() bool {
		return run(t, cp, "", "get", "deployment", "web", "-o", available) == "2"
	})

	began = time.Now()
	run(t, cp, "", "scale", "deployment/web", "--replicas=200")
	run(t, cp, "", "rollout", "status", "deployment/web", "--timeout=60s")
	t.Logf("200 replicas available after %s", time.Since(began).Round(10*time.Millisecond))
	run(t, cp, "", "delete", "deployment", "web", "--cascade=foreground", "--timeout=60s")
	eventually(t, "the pods to be gone", func() bool { return run(t, cp, "", "get", "pods", "-o=name") == "" })
}

func testNamespaceDeletion(t *testing.T, cp *controlplane.ControlPlane) {
	run(t, cp, "", "create", "namespace", "shop")
	run(t, cp, "", "create", "configmap", "prices", "-n=shop")
	run(t, cp, "", "delete", "namespace", "shop", "--timeout=60s")
	if _, _, err := cp.Kubectl(t.Context(), "", "get", "namespace", "shop"); err == nil {
		t.Error("the namespace must be gone")
	}
}

func testGarbageCollection(t *testing.T, cp *controlplane.ControlPlane) {
	run(t, cp, "", "create", "configmap", "owner")
	uid := run(t, cp, "", "get", "configmap", "owner", "-o=jsonpath={.metadata.uid}")
	run(t, cp, `{apiVersion: v1, kind: ConfigMap, metadata: {name: owned, ownerReferences: [
		{apiVersion: v1, kind: ConfigMap, name: owner, uid: `+uid+`}]}}`, "apply", "-f=-")
	run(t, cp, "", "delete", "configmap", "owner")
	eventually(t, "the owned ConfigMap to be gone", func() bool {
		return run(t, cp, "", "get", "configmap", "owned", "--ignore-not-found", "-o=name") == ""
	})
}
