package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// certificates tells when the certificates in a folder expire, read when asked: they are replaced
// without a restart.
type certificates struct {
	dir  string
	desc *prometheus.Desc
}

func newCertificates(dir string) *certificates {
	return &certificates{dir: dir, desc: prometheus.NewDesc(
		"aviary_certificate_expiry_timestamp_seconds",
		"When a certificate expires, in seconds since 1970: the webhooks' own (leaf), "+
			"and the CA's in ca.crt where the folder has one.",
		[]string{"certificate"}, nil)}
}

// Describe implements prometheus.Collector.
func (c *certificates) Describe(out chan<- *prometheus.Desc) { out <- c.desc }

// Collect implements prometheus.Collector.
func (c *certificates) Collect(out chan<- prometheus.Metric) {
	for name, file := range map[string]string{"leaf": "tls.crt", "ca": "ca.crt"} {
		if at, err := expiry(filepath.Join(c.dir, file)); err == nil {
			out <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, float64(at.Unix()), name)
		}
	}
}

// expiry returns the end of the first certificate in a file.
func expiry(file string) (time.Time, error) {
	text, err := os.ReadFile(file) // #nosec G304 -- the folder is the operator's flag
	if err != nil {
		return time.Time{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return time.Time{}, fmt.Errorf("%s holds no certificate", file)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return time.Time{}, err
	}
	return certificate.NotAfter, nil
}

// clientCertificates makes the webhooks ask the API server for its client certificate.
func clientCertificates(file string) (func(*tls.Config), error) {
	if file == "" {
		return func(*tls.Config) {}, nil
	}
	text, err := os.ReadFile(file) // #nosec G304 -- the path is the operator's flag
	if err != nil {
		return nil, fmt.Errorf("--client-ca-file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--client-ca-file %s holds no certificate", file)
	}
	return func(c *tls.Config) { c.ClientCAs, c.ClientAuth = pool, tls.RequireAndVerifyClientCert }, nil
}
