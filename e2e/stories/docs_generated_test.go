package stories

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/e2e/aviary"
)

// TestGeneratedDocs compares three pages of docs with what a real Aviary does: metrics.md,
// hostile-input.md and failure-policy.md. It needs a plane of its own, because Aviary's requests
// are counted, its memory is measured, and it is stopped and started. The parts run one after
// another.
func TestGeneratedDocs(t *testing.T) {
	t.Parallel()
	p, err := startPlane(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.close() != 0 {
			t.Error("the control plane did not end well")
		}
	})
	if p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, aviary.Options{Config: docsConfig, Progress: testWriter{t}}); err != nil {
		t.Fatal(err)
	}
	t.Run("metrics", func(t *testing.T) { testMetrics(t, p) })
	t.Run("hostile input", func(t *testing.T) { testHostileInput(t, p) })
	t.Run("never waits", func(t *testing.T) { testKubernetesGoesOn(t, p) })
	t.Run("failure policy", func(t *testing.T) { testFailurePolicy(t, p) })
}

// docsConfig has an exception, so that the metrics can count its use.
const docsConfig = aviary.DefaultConfig + `exceptions:
- rule: weights-sum
  match: {namespace: metrics, kind: RouteTable, name: "old-*"}
  reason: the metrics must tell of it
  expires: 2999-01-31
`

// kinds are the resources of the kinds that stories create.
var kinds = map[string]schema.GroupVersionResource{
	"Namespace":      {Version: "v1", Resource: "namespaces"},
	"ConfigMap":      {Version: "v1", Resource: "configmaps"},
	"Service":        {Version: "v1", Resource: "services"},
	"Deployment":     {Group: "apps", Version: "v1", Resource: "deployments"},
	"RouteTable":     {Group: "gateway.solo.io", Version: "v1", Resource: "routetables"},
	"VirtualService": {Group: "gateway.solo.io", Version: "v1", Resource: "virtualservices"},
	"Upstream":       {Group: "gloo.solo.io", Version: "v1", Resource: "upstreams"},
	"UpstreamGroup":  {Group: "gloo.solo.io", Version: "v1", Resource: "upstreamgroups"},
}

// create creates objects in the story's namespace, one after another, without kubectl.
func (s *story) create(ctx context.Context, manifests string) error {
	objects, err := aviary.Decode(manifests)
	for _, o := range objects {
		if err == nil {
			err = s.createObject(ctx, o)
		}
	}
	return err
}

func (s *story) createObject(ctx context.Context, o *unstructured.Unstructured) (err error) {
	kind := kinds[o.GetKind()]
	if o.GetKind() == "Namespace" {
		_, err = s.objects.Resource(kind).Create(ctx, o, metav1.CreateOptions{})
	} else {
		_, err = s.objects.Resource(kind).Namespace(s.namespace).Create(ctx, o, metav1.CreateOptions{})
	}
	if err != nil {
		err = fmt.Errorf("create %s %s/%s: %w", o.GetKind(), s.namespace, o.GetName(), err)
	}
	return err
}

// compareDocs compares a generated page with the file in docs, or writes that file with -update.
func compareDocs(t *testing.T, name, text string) {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "docs", name)
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // because a page is for everybody.
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if string(got) != text {
		t.Errorf("docs/%s is not what was seen; look at what changed, and write it with -update:\n%s", name, cmp.Diff(string(got), text))
	}
}
