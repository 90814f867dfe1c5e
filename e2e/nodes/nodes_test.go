package nodes_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

// TestNodeWhileOthersWrite creates the node again and again while somebody else writes to it all
// the time, as the controllers do with their taints.
func TestNodeWhileOthersWrite(t *testing.T) {
	t.Parallel()
	cp, err := controlplane.Start(t.Context(), controlplane.Options{Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	client, err := kubernetes.NewForConfig(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		for i := 0; ctx.Err() == nil; i++ {
			patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"example.com/n":"%d"}}}`, i)
			_, _ = client.CoreV1().Nodes().Patch(ctx, nodes.Name, types.MergePatchType, patch, metav1.PatchOptions{})
		}
	}()
	for range 30 {
		running, end := context.WithCancel(ctx)
		if err := nodes.Simulate(running, cp.Config()); err != nil {
			t.Fatal(err)
		}
		end()
		err := client.CoreV1().Nodes().Delete(ctx, nodes.Name, metav1.DeleteOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			t.Fatal(err)
		}
	}
}
