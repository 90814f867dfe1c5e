package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// TestSecondControlPlane has the stories that need other CRDs, or another certificate, than the
// shared control plane has.
func TestSecondControlPlane(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	crds := realCRDs(t)
	t.Run("audit without Gloo", func(t *testing.T) { testAuditWithoutGloo(t, p) })
	t.Run("real CRDs", func(t *testing.T) { testRealCRDs(t, p, crds) })
	t.Run("cert-manager", func(t *testing.T) { testCertManager(t, p, crds) })
}

// realCRDs returns the folder of Gloo's own CRDs, or "" if there is none.
func realCRDs(t *testing.T) string {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(filepath.Dir(root), "shared", "gloo-crds")
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return dir
}

// testRealCRDs validates, strictly and against Gloo's own schemas, the siblings that Aviary writes:
// those of the six steps, and those of an app that uses every annotation.
func testRealCRDs(t *testing.T, p *plane, crds string) {
	if crds == "" {
		t.Skip("Gloo's own CRDs are not here (../shared/gloo-crds): only the stand-ins were tried")
	}
	s := &story{T: t, plane: p, namespace: "default"}
	s.kubectl("", "apply", "--server-side", "-f", crds).mustSucceed()
	s.kubectl("", "wait", "--for=condition=Established", "--timeout=60s", "-f", crds).mustSucceed()
	strict := func(what string, objects []*unstructured.Unstructured) {
		for _, o := range objects {
			o = o.DeepCopy()
			o.SetNamespace("default")
			json, err := o.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			out := s.apply(string(json), "--validate=strict", "--dry-run=server")
			if out.err != nil {
				t.Errorf("%s, %s: %v", what, o.GetKind(), out.err)
			}
		}
	}
	for step := 1; step <= steps; step++ {
		strict(fmt.Sprintf("step %d", step), seed(t, "echo", "echo", step))
	}
	strict("every annotation", siblingsOfFullApp(t))
}

// siblingsOfFullApp returns the siblings that Aviary writes on the shared control plane for an app
// that uses every annotation.
func siblingsOfFullApp(t *testing.T) (out []*unstructured.Unstructured) {
	t.Helper()
	s := begin(t, "everything")
	paths := `paths=/echo,=/exact,~/re/[a-z]{1\,3}`
	s.apply(manifestsOf(
		v("v1", "role=primary", paths, "port=8000", "target-port=8080"),
		v("v2", "role=canary", "weight=10", "headers=stage=canary,user=joe"),
		v("v3", "role=canary", "weight=20", "headers="),
		v("v4", "role=shadow"),
	)).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2", "echo-v3", "echo-v4")
	s.eventually("all routes", func() error {
		table, err := s.get("routetables", "echo-routes")
		if err != nil {
			return err
		}
		if n := len(readRoutes(table)); n != 6 || !receivers(table)["v3"] {
			return fmt.Errorf("it has %d routes, %s", n, traffic(table))
		}
		return nil
	})
	for resource, names := range map[string][]string{
		"services": {"echo"}, "upstreams": {"echo", "echo-shadow-v4"}, "routetables": {"echo-routes"},
	} {
		for _, name := range names {
			live := s.mustGet(resource, name)
			o := &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": live.GetAPIVersion(), "kind": live.GetKind(), "spec": live.Object["spec"],
			}}
			o.SetName(name)
			if resource == "services" { // An address of the other control plane.
				unstructured.RemoveNestedField(o.Object, "spec", "clusterIP")
				unstructured.RemoveNestedField(o.Object, "spec", "clusterIPs")
			}
			out = append(out, o)
		}
	}
	return out
}
