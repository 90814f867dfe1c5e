package stories

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// bundles returns the caBundle of each webhook by name, as PEM.
func (s *story) bundles() map[string]string {
	s.Helper()
	out := map[string]string{}
	for _, resource := range []string{"mutatingwebhookconfigurations", "validatingwebhookconfigurations"} {
		config, err := s.objects.Resource(admission(resource)).Get(s.Context(), "aviary", metav1.GetOptions{})
		s.must(err)
		for _, w := range list(config.Object, "webhooks") {
			bundle, _, _ := unstructured.NestedString(w, "clientConfig", "caBundle")
			pem, err := base64.StdEncoding.DecodeString(bundle)
			if err != nil || len(pem) == 0 {
				s.Errorf("webhook %v of %s must have a caBundle: %v", w["name"], resource, err)
			}
			out[fmt.Sprint(resource, " ", w["name"])] = string(pem)
		}
	}
	return out
}

// admission returns a resource of the group admissionregistration.k8s.io.
func admission(resource string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "admissionregistration.k8s.io", Version: "v1", Resource: resource}
}

// served returns the certificate that Aviary serves, after it was verified against each bundle as
// the API server does.
func (s *story) served(bundles map[string]string) (leaf *x509.Certificate, err error) {
	for name, bundle := range bundles {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(bundle))
		dialer := tls.Dialer{Config: aviaryTLS(roots)}
		ctx, cancel := context.WithTimeout(s.Context(), 5*time.Second)
		connection, err := dialer.DialContext(ctx, "tcp", s.aviary.Address)
		cancel()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		leaf = connection.(*tls.Conn).ConnectionState().PeerCertificates[0]
		if err := connection.Close(); err != nil {
			return nil, err
		}
	}
	return leaf, nil
}

// withoutWebhooks runs a function while there are no webhook configurations.
func (s *story) withoutWebhooks(do func()) {
	s.Helper()
	for _, resource := range []string{"mutatingwebhookconfigurations", "validatingwebhookconfigurations"} {
		client := s.objects.Resource(admission(resource))
		config, err := client.Get(s.Context(), "aviary", metav1.GetOptions{})
		if err == nil {
			err = client.Delete(s.Context(), "aviary", metav1.DeleteOptions{})
		}
		s.must(err)
		defer func() {
			config.SetResourceVersion("")
			if _, err := client.Create(s.Context(), config, metav1.CreateOptions{}); err != nil {
				s.Fatal(err)
			}
		}()
	}
	s.eventually("no webhook to be called",
		func() error { return s.apply(s.brokenTable("probe"), "--dry-run=server").err })
	do()
}

// aviaryTLS returns a TLS configuration for Aviary's Service.
func aviaryTLS(roots *x509.CertPool) *tls.Config {
	return &tls.Config{RootCAs: roots, ServerName: "aviary.aviary-system.svc", MinVersion: tls.VersionTLS13}
}

// tls returns a TLS configuration that trusts Aviary's CA.
func (s *story) tls() *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.aviary.CA.CertPEM)
	return aviaryTLS(roots)
}

// webhookClient returns a client that connects to Aviary anew for each request.
func (s *story) webhookClient() *http.Client {
	return &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{TLSClientConfig: s.tls(), DisableKeepAlives: true},
	}
}
