package stories

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
)

// hostileReviews sends malformed and unusual AdmissionReviews. Only a client that can reach
// Aviary's port can do this.
func (s *story) hostileReviews(d endpoints) (page string) {
	s.Helper()
	good := review(input{"", "Deployment", s.deployment(nil)})
	head, _, _ := strings.Cut(good, `,"object"`)
	aboutSecrets := strings.NewReplacer(`"deployments"`, `"secrets"`, `"kind":"Deployment"`, `"kind":"Secret"`)
	for _, r := range []struct{ what, body string }{
		{"no JSON", "weights sum to 90"},
		{"an empty body", ""},
		{"`[]`", "[]"},
		{"a review of version v1beta1", replace(good, "admission.k8s.io/v1", "admission.k8s.io/v1beta1")},
		{"a review of version v9", replace(good, "admission.k8s.io/v1", "admission.k8s.io/v9")},
		{"another kind than a review", replace(good, "AdmissionReview", "Conversion")},
		{"a review without UID", replace(good, `"uid":"1",`, "")},
		{"a review without request", `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}`},
		{"a request without object", head + "}}"},
		{"a request about Secrets", aboutSecrets.Replace(good)},
		{"an operation that is none", replace(good, "CREATE", "DESTROY")},
	} {
		page += fmt.Sprintf("| %s | — | %s |\n", r.what, s.postToWebhook(d, "/validate", r.body))
	}
	for _, r := range []struct{ what, method, path, content string }{
		{"a GET", http.MethodGet, "/validate", "application/json"},
		{"a PUT", http.MethodPut, "/mutate", "application/json"},
		{"another content type", http.MethodPost, "/validate", "text/plain"},
		{"another path", http.MethodPost, "/", "application/json"},
	} {
		url := "https://" + s.aviary.Address + r.path
		request, err := http.NewRequestWithContext(s.Context(), r.method, url, strings.NewReader(good))
		s.must(err)
		request.Header.Set("Content-Type", r.content)
		page += fmt.Sprintf("| %s | — | %s |\n", r.what, s.answer(d.webhook, request))
	}
	old := s.tls()
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if c, err := (&tls.Dialer{Config: old}).DialContext(s.Context(), "tcp", s.aviary.Address); err == nil {
		s.Error("TLS 1.2 must be refused")
		s.must(c.Close())
	}
	page += "| TLS 1.2 | — | no connection |\n"
	return page + "| 200 connections with a body that never ends | — | answered or closed within 5 s; " +
		"other requests are answered meanwhile |\n"
}
