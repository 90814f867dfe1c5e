package webhook

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/dialect/gloo/glootest"
)

// Dashboards name these values; what is not judged has one together.
func TestKindLabels(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	var got []string
	for _, kind := range kinds.All() {
		req := &admissionv1.AdmissionRequest{Kind: metav1.GroupVersionKind(kind.GroupVersionKind)}
		got = append(got, kindLabel(kinds, req))
	}
	for _, kind := range []metav1.GroupVersionKind{
		{Group: "autoscaling", Version: "v1", Kind: "Scale"},
		{Group: "networking.istio.io", Version: "v1", Kind: "VirtualService"},
		{Version: "v1", Kind: "Secret"},
	} {
		got = append(got, kindLabel(kinds, &admissionv1.AdmissionRequest{Kind: kind}))
	}
	slices.Sort(got)
	want := []string{
		"DaemonSet", "Deployment", "Rollout", "RouteTable", "Scale", "Service", "StatefulSet",
		"Upstream", "UpstreamGroup", "VirtualService", "other", "other", "other",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
