package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

var (
	registration = schema.GroupVersion{Group: "admissionregistration.k8s.io", Version: "v1"}
	mutating     = registration.WithResource("mutatingwebhookconfigurations")
	validating   = registration.WithResource("validatingwebhookconfigurations")
)

const emptyPort = 9443

// testbed is a control plane with Aviary and the empty webhook.
type testbed struct {
	cp      *controlplane.ControlPlane
	aviary  *aviary.Instance
	objects *dynamic.DynamicClient
	configs map[schema.GroupVersionResource]*unstructured.Unstructured
	// emptyHost is the address of the empty webhook, and emptyPID the ID of its process.
	emptyHost string
	emptyPID  int
}

// newTestbed installs Aviary and starts the empty webhook. It removes the webhook configurations
// and stops Kubernetes' controllers, so that nothing disturbs the measurement.
func newTestbed(ctx context.Context, cp *controlplane.ControlPlane) (f *testbed, err error) {
	f = &testbed{cp: cp, emptyHost: cp.ServiceIP(20)}
	f.configs = map[schema.GroupVersionResource]*unstructured.Unstructured{}
	config := cp.Config()
	config.WarningHandler = rest.NoWarnings{}
	if f.objects, err = dynamic.NewForConfig(config); err != nil {
		return nil, err
	}
	if f.aviary, err = aviary.Install(ctx, cp, aviary.Options{Progress: os.Stdout}); err != nil {
		return nil, err
	}
	if err := f.aviary.Stop(); err != nil {
		return nil, err
	}
	for _, kind := range []schema.GroupVersionResource{mutating, validating} {
		if f.configs[kind], err = f.objects.Resource(kind).Get(ctx, "aviary", metav1.GetOptions{}); err != nil {
			return nil, err
		}
		if err := f.objects.Resource(kind).Delete(ctx, "aviary", metav1.DeleteOptions{}); err != nil {
			return nil, err
		}
	}
	for _, p := range cp.Processes() {
		if p.Name == "kube-controller-manager" {
			if err := p.Stop(); err != nil {
				return nil, err
			}
		}
	}
	return f, f.startEmpty()
}

// startEmpty runs this program as the empty webhook, with a certificate of Aviary's CA.
func (f *testbed) startEmpty() error {
	cert, key, err := f.aviary.CA.Issue(f.emptyHost)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(f.cp.Dir, "empty-")
	if err != nil {
		return err
	}
	for name, content := range map[string][]byte{"tls.crt": cert, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "empty", "--host="+f.emptyHost, "--port="+strconv.Itoa(emptyPort), "--cert-dir="+dir)
	if err := f.cp.Launch("empty", cmd); err != nil {
		return err
	}
	for _, p := range f.cp.Processes() {
		if p.Name == "empty" {
			f.emptyPID = p.PID
		}
	}
	return nil
}

// start restarts Aviary with all objects in the cluster, and prints how long it took to be ready
// and how much memory it uses.
func (f *testbed) start(ctx context.Context) error {
	if err := f.aviary.Stop(); err != nil {
		return err
	}
	began := time.Now()
	if err := f.aviary.Start(ctx); err != nil {
		return err
	}
	fmt.Printf("\nready %.1f s after its start\n", time.Since(began).Seconds())
	// After its start Aviary reconciles every app. Wait until that is done.
	err := poll(ctx, 5*time.Minute, func() (bool, error) {
		before, err := cpu(f.aviary.PID())
		if err != nil {
			return false, err
		}
		if err := pause(ctx, 3*time.Second); err != nil {
			return false, err
		}
		after, err := cpu(f.aviary.PID())
		return after-before < 300*time.Millisecond, err
	})
	if err != nil {
		return err
	}
	metrics, err := f.aviary.Metrics(ctx)
	if err != nil {
		return err
	}
	const mib = 1 << 20
	fmt.Printf("resident at rest: %.0f MiB; of that the heap in use is %.0f MiB, of which about %.0f MiB live\n",
		metrics.Sum("process_resident_memory_bytes")/mib,
		metrics.Sum("go_memstats_heap_inuse_bytes")/mib, metrics.Sum("go_memstats_next_gc_bytes")/2/mib) // GOGC is 100
	return nil
}

// client returns a client for both webhooks.
func (f *testbed) client(connections int) *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(f.aviary.CA.CertPEM)
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13},
		MaxIdleConnsPerHost: connections,
		MaxConnsPerHost:     connections,
	}}
}

// poll polls until try returns true.
func poll(ctx context.Context, limit time.Duration, try wait.ConditionFunc) error {
	return wait.PollUntilContextTimeout(ctx, 200*time.Millisecond, limit, true, try.WithContext())
}

// pause waits for a time, or until ctx is done.
func pause(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
