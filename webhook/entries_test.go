package webhook

import (
	"os"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"aviary.dev/dialect/gloo/glootest"
)

// TestEntriesFailAsTheManifestSays compares failsOpen with each entry of the manifest.
func TestEntriesFailAsTheManifestSays(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../manifests/base/validating.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config admissionregistrationv1.ValidatingWebhookConfiguration
	if err := yaml.UnmarshalStrict(text, &config); err != nil {
		t.Fatal(err)
	}
	kinds := glootest.Kinds()
	annotated := []byte(`{"metadata":{"annotations":{"aviary.dev/app":"echo"}}}`)
	for _, entry := range config.Webhooks {
		object := []byte(`{"metadata":{"annotations":{"team":"x"}}}`)
		switch entry.Name {
		case "deployments.aviary.dev", "status.aviary.dev":
			object = annotated
		}
		for _, rule := range entry.Rules {
			for _, operation := range rule.Operations {
				for _, name := range rule.Resources {
					resource, subresource, _ := strings.Cut(name, "/")
					req := &admissionv1.AdmissionRequest{
						Operation:   admissionv1.Operation(operation),
						Resource:    metav1.GroupVersionResource{Group: rule.APIGroups[0], Resource: resource},
						SubResource: subresource,
					}
					if operation != "DELETE" {
						req.Object = runtime.RawExtension{Raw: object}
					}
					if operation != "CREATE" {
						req.OldObject = runtime.RawExtension{Raw: object}
					}
					if want := *entry.FailurePolicy == admissionregistrationv1.Ignore; failsOpen(kinds, req) != want {
						t.Errorf("%s: %s of %s fails open: %v, must %v", entry.Name, operation, name, !want, want)
					}
				}
			}
		}
	}
}

// What no entry sends is refused where it can't be judged.
func TestNothingElseFailsOpen(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	of := func(group, resource, object string) *admissionv1.AdmissionRequest {
		return &admissionv1.AdmissionRequest{
			Resource: metav1.GroupVersionResource{Group: group, Resource: resource},
			Object:   runtime.RawExtension{Raw: []byte(object)},
		}
	}
	for name, req := range map[string]*admissionv1.AdmissionRequest{
		"no object":              of("apps", "deployments", ""),
		"another kind":           of("", "secrets", `{}`),
		"a new Namespace":        of("", "namespaces", `{}`),
		"a kind of another API":  of("serving.knative.dev", "services", `{}`),
		"unreadable annotations": of("apps", "deployments", `{"metadata":{"annotations":[]}}`),
	} {
		if failsOpen(kinds, req) {
			t.Errorf("%s fails open", name)
		}
	}
}
