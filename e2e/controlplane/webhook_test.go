package controlplane_test

import (
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/e2e/controlplane"
)

// testWebhook has the API server call a webhook in this process through a Service.
func testWebhook(t *testing.T, cp *controlplane.ControlPlane) {
	ca, err := controlplane.NewCA("webhook")
	if err != nil {
		t.Fatal(err)
	}
	ip := cp.ServiceIP(1)
	serveDeny(t, ca, net.JoinHostPort(ip, "8443"))
	run(t, cp, strings.NewReplacer("$IP", ip, "$CA", base64.StdEncoding.EncodeToString(ca.CertPEM)).Replace(`
apiVersion: v1
kind: Service
metadata: {name: deny, namespace: default}
spec: {clusterIP: $IP, ports: [{port: 8443}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: deny}
webhooks:
- name: deny.aviary.dev
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  clientConfig: {service: {namespace: default, name: deny, port: 8443}, caBundle: $CA}
  objectSelector: {matchLabels: {deny: "yes"}}
  rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
`), "apply", "-f=-")
	manifest := `{apiVersion: v1, kind: ConfigMap, metadata: {name: refused, labels: {deny: "yes"}}}`
	eventually(t, "the webhook to deny", func() bool {
		_, stderr, err := cp.Kubectl(t.Context(), manifest, "create", "--dry-run=server", "-f=-")
		if err != nil && !strings.Contains(stderr, "not today") {
			t.Fatal(err)
		}
		return err != nil
	})
	run(t, cp, "", "delete", "validatingwebhookconfiguration", "deny")
}

// serveDeny serves a webhook that denies every request.
func serveDeny(t *testing.T, ca *controlplane.CA, address string) {
	t.Helper()
	certPEM, keyPEM, err := ca.Issue("deny.default.svc")
	if err != nil {
		t.Fatal(err)
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var review admissionv1.AdmissionReview
		if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		review.Response = &admissionv1.AdmissionResponse{
			UID: review.Request.UID, Result: &metav1.Status{Message: "not today"},
		}
		_ = json.NewEncoder(w).Encode(review) // A failed write is seen by the API server.
	}))
	_ = server.Listener.Close() // The one it chose itself.
	server.Listener = listener
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	t.Cleanup(server.Close)
}
