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

// TestDoors does what needs an Aviary of its own: its requests are counted, its
// memory is measured, it is held, stopped and started. The parts go one by one.
func TestDoors(t *testing.T) {
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
	if p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, aviary.Options{Config: doorsConfig, Progress: testWriter{t}}); err != nil {
		t.Fatal(err)
	}
	t.Run("metrics", func(t *testing.T) { testMetrics(t, p) })
	t.Run("hostile input", func(t *testing.T) { testHostileInput(t, p) })
	t.Run("never waits", func(t *testing.T) { testNeverWaits(t, p) })
	t.Run("failure policy", func(t *testing.T) { testFailurePolicy(t, p) })
}

// doorsConfig has an exception, so that one can be seen to be used.
const doorsConfig = aviary.DefaultConfig + `exceptions:
- rule: weights-sum
  match: {namespace: metrics, kind: RouteTable, name: "old-*"}
  reason: the metrics must tell of it
  expires: 2999-01-31
`

// kinds are the plural names and groups of the kinds that the doors are tried with.
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

// create creates objects as a client library does, one after the other, in the story's namespace.
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

// document compares a generated page with the one in docs, or writes it there.
func document(t *testing.T, name, text string) {
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
	is, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if string(is) != text {
		t.Errorf("docs/%s is not what was seen; look at what changed, and write it with -update:\n%s", name, cmp.Diff(string(is), text))
	}
}
