package lagging

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"aviary.dev/e2e/controlplane"
)

// Proxy passes requests on to an API server, with the client's credentials and none of its own.
type Proxy struct {
	// URL is where it listens.
	URL string

	ca     *controlplane.CA
	server *http.Server

	mu      sync.Mutex
	delay   time.Duration
	stalled bool
	cut     bool
	changed chan struct{} // Closed when one of the above changes.
	hold    func(*http.Request)
}

// Start starts a proxy to the API server of a client configuration.
func Start(config *rest.Config) (*Proxy, error) {
	config = rest.AnonymousClientConfig(config)
	config.NextProtos = []string{"http/1.1"} // A connection for each watch, so that none waits for another.
	transport, err := rest.TransportFor(config)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(config.Host)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the API server's clients: %w", err)
	}
	p := &Proxy{URL: "https://" + listener.Addr().String(), changed: make(chan struct{})}
	p.server = &http.Server{
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(io.Discard, "", 0), // Of clients that went away.
		Handler: p.unlessCut(&httputil.ReverseProxy{
			Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target) },
			Transport:      transport,
			ModifyResponse: p.delayWatches,
			FlushInterval:  -1,
			ErrorLog:       log.New(io.Discard, "", 0),
		}),
	}
	if err := p.certify(); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	go p.server.ServeTLS(listener, "", "") //nolint:errcheck // because it ends when the proxy is closed.
	return p, nil
}

// certify issues a certificate for the proxy, because clients send their tokens only over TLS.
func (p *Proxy) certify() (err error) {
	if p.ca, err = controlplane.NewCA("lagging"); err != nil {
		return err
	}
	cert, key, err := p.ca.Issue("127.0.0.1")
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	p.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS13}
	return err
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() error { return p.server.Close() }

// Kubeconfig copies a kubeconfig, for a user who goes through the proxy, and returns the copy's
// path.
func (p *Proxy) Kubeconfig(path string) (string, error) {
	config, err := clientcmd.LoadFromFile(path)
	if err != nil {
		return "", err
	}
	for _, cluster := range config.Clusters {
		cluster.Server, cluster.CertificateAuthorityData, cluster.CertificateAuthority = p.URL, p.ca.CertPEM, ""
	}
	path += ".lagging-" + strings.TrimPrefix(p.URL, "https://")
	return path, clientcmd.WriteToFile(*config, path)
}

// Delay makes watches arrive that much later, from now on.
func (p *Proxy) Delay(d time.Duration) { p.set(func() { p.delay, p.stalled, p.cut = d, false, false }) }

// Stall stops all watches until the next call of [Proxy.Delay].
func (p *Proxy) Stall() { p.set(func() { p.stalled = true }) }

// Cut stops all watches, and lets no request through, until the next call of [Proxy.Delay].
func (p *Proxy) Cut() { p.set(func() { p.stalled, p.cut = true, true }) }

// Hold has a function called for every request, except watches, after the API server has answered
// and before the client gets the answer. The function may block.
func (p *Proxy) Hold(hold func(*http.Request)) { p.set(func() { p.hold = hold }) }

// set changes a setting and wakes whoever waits.
func (p *Proxy) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	close(p.changed)
	p.changed = make(chan struct{})
}

// unlessCut keeps requests waiting while nothing gets through.
func (p *Proxy) unlessCut(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for cut, changed := p.isCut(); cut; cut, changed = p.isCut() {
			body, err := io.ReadAll(r.Body) // Only then does the context end with the connection.
			if err != nil {
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			select {
			case <-changed:
			case <-r.Context().Done():
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// isCut reports whether nothing gets through. When the channel is closed, the caller must ask again.
func (p *Proxy) isCut() (bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cut, p.changed
}

// due returns how much longer something that arrived then must wait; negative if that is unknown.
// When the channel is closed, the caller must ask again.
func (p *Proxy) due(arrived time.Time) (time.Duration, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stalled {
		return -1, p.changed
	}
	return max(0, time.Until(arrived.Add(p.delay))), p.changed
}

// delayWatches delays the answer to a watch, and calls the function of [Proxy.Hold] for others.
func (p *Proxy) delayWatches(response *http.Response) error {
	if watching, _ := strconv.ParseBool(response.Request.URL.Query().Get("watch")); watching {
		response.Body = p.delayed(response.Body)
		return nil
	}
	p.mu.Lock()
	hold := p.hold
	p.mu.Unlock()
	if hold != nil {
		hold(response.Request)
	}
	return nil
}
