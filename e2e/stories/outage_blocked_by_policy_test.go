package stories

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// servicesNeedTeam is a foreign admission policy for one namespace.
const servicesNeedTeam = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: %[1]s}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [services]}
  validations:
  - {expression: "'team' in object.metadata.?labels.orValue({})", message: a Service says its team}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: %[1]s}
spec:
  policyName: %[1]s
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %[1]s}}}
`

// TestQuota has a tenant's quota refuse a sibling. What comes after it is not written, and soon after the quota is gone
// all are there.
func TestQuota(t *testing.T) {
	t.Parallel()
	s := begin(t, "quota")
	s.kubectl("", "create", "quota", "none", "--hard=services=0").mustSucceed()
	const exceeded = "exceeded quota: none"
	s.eventually("the quota to be in effect", func() error {
		out := s.kubectl("", "create", "service", "clusterip", "probe", "--tcp=80", "--dry-run=server")
		if !strings.Contains(out.stderr, exceeded) {
			return fmt.Errorf("it says %s%s", out.stdout, out.stderr)
		}
		return nil
	})
	s.tenant("quota-team").apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitEvent("SiblingsHindered", exceeded)
	for _, x := range siblingsOf("echo") {
		if _, err := s.get(x.resource, x.name); !apierrors.IsNotFound(err) {
			t.Errorf("%s %s must not be there: %v", x.resource, x.name, err)
		}
	}
	s.kubectl("", "delete", "quota", "none").mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.mustGet("services", "echo")
}

// TestRefusedSibling has a foreign policy that refuses a sibling. The Deployment is admitted, an
// Event says why the sibling is missing, and soon after the policy is gone the sibling is there.
func TestRefusedSibling(t *testing.T) {
	t.Parallel()
	s := begin(t, "refused-sibling")
	policy := fmt.Sprintf(servicesNeedTeam, s.namespace)
	s.kubectl(policy, "apply", "-f", "-").mustSucceed()
	t.Cleanup(func() {
		ctx := context.Background() //nolint:usetesting // because the test's context is done.
		_, _, _ = s.Kubectl(ctx, policy, "delete", "--ignore-not-found", "-f", "-")
	})
	s.eventually("the policy to be in effect", func() error {
		if s.kubectl("", "create", "service", "clusterip", "probe", "--tcp=80", "--dry-run=server").err == nil {
			return fmt.Errorf("it allows a Service without a team")
		}
		return nil
	})

	s.step("an app whose Service is refused")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	if n := s.waitEvent("SiblingsHindered", "a Service says its team"); n != 1 {
		t.Errorf("there must be one Event, are %d", n)
	}

	s.step("the policy is deleted")
	s.kubectl(policy, "delete", "-f", "-").mustSucceed()
	began := time.Now()
	s.waitTraffic("echo", allToV1)
	s.eventually("the Service", func() error { _, err := s.get("services", "echo"); return err })
	if took := time.Since(began); took > 12*time.Second { // Ten, and a busy machine.
		t.Errorf("it took %s, must be soon after the 5 s between two tries", took.Round(time.Second))
	}
}
