package stories

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
)

// foreignWebhook is somebody else's, asked about the RouteTables of one namespace.
const foreignWebhook = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: %[1]s}
webhooks:
- name: foreign.example.com
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  timeoutSeconds: 10
  clientConfig: {url: "%[2]s", caBundle: %[3]s}
  namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %[1]s}}
  rules:
  - {apiGroups: [gateway.solo.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [routetables]}
`

// serveForeign has the API server ask a foreign webhook about the RouteTables of the namespace, and waits until it
// does. It returns what ends that.
func (s *story) serveForeign(handler http.HandlerFunc) (remove func()) {
	s.Helper()
	asked := make(chan struct{}, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case asked <- struct{}{}:
		default:
		}
		body, err := io.ReadAll(r.Body) // Only then does the request's context end with the connection.
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		handler(w, r)
	}))
	s.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	config := fmt.Sprintf(foreignWebhook, s.namespace, server.URL, base64.StdEncoding.EncodeToString(bundle))
	s.kubectl(config, "apply", "-f", "-").mustSucceed()
	remove = func() { s.kubectl(config, "delete", "-f", "-").mustSucceed() }
	s.Cleanup(func() {
		ctx := context.Background() // because the test's context is done.
		_, _, _ = s.Kubectl(ctx, config, "delete", "--ignore-not-found", "-f", "-")
	})
	s.eventually("the webhook to be asked", func() error {
		s.kubectl("", "label", "routetable", "echo-routes", "probe=yes", "--overwrite", "--dry-run=server",
			"--request-timeout=1s")
		select {
		case <-asked:
			return nil
		default:
			return fmt.Errorf("nobody asks it")
		}
	})
	return remove
}

// outOfOrder is a webhook that is down.
func outOfOrder(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "out of order", http.StatusInternalServerError)
}

// hangs is one that never answers.
func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// meddles is a webhook that admits everything, and changes the table that Aviary is about to write. So whatever
// Aviary has read is old by the time it is stored.
func (s *story) meddles(w http.ResponseWriter, r *http.Request) {
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if q := review.Request; q.UserInfo.Username == aviaryUser {
		touch := fmt.Sprintf(`{"metadata": {"annotations": {"example.com/touched": %q}}}`, time.Now())
		if err := s.patch(r.Context(), "RouteTable", q.Name, touch); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	review.Response = &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true}
	_ = json.NewEncoder(w).Encode(review) // Who has gone needs no answer.
}
