package stories

import (
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestExemptNamespace deploys an annotated app to kube-system, about which no webhook asks Aviary. Nothing may be
// written for it.
func TestExemptNamespace(t *testing.T) {
	t.Parallel()
	s := begin(t, "exempt-namespace", "aviary.dev/api-group=example")
	system := &story{T: t, plane: shared, namespace: "kube-system"}
	const selector = "  selector: {matchLabels: {app: unkept, version: v1}}\n"
	exempt := v("v1", "role=primary", "api-group=example").of("unkept")
	exempt.labels = map[string]string{"app": "unkept", "version": "v1"}
	defer func() { _ = system.remove(t.Context(), "Deployment", "unkept-v1") }()
	system.apply(replace(exempt.String(), "spec:\n  template", "spec:\n"+selector+"  template")).mustSucceed()
	system.waitAvailable("unkept-v1")

	s.step("what is applied after it elsewhere gets siblings")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	for _, x := range siblingsOf("unkept") {
		_, err := system.client(x.resource).Get(t.Context(), x.name, metav1.GetOptions{})
		if !apierrors.IsNotFound(err) {
			t.Errorf("%s %s must not be in kube-system: %v", x.resource, x.name, err)
		}
	}
}
