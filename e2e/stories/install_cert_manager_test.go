package stories

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/e2e/aviary"
)

// testCertManager installs Aviary with a certificate of the real cert-manager, takes the six steps,
// and then renews the certificate.
func testCertManager(t *testing.T, p *plane, crds string) {
	s := &story{T: t, plane: p, namespace: "aviary-system"}
	s.step("cert-manager's controller and cainjector are started")
	s.startCertManager()

	s.step("kubectl apply -k manifests/cert-manager: the webhooks get a certificate and answer")
	p.install(t, aviary.Options{CertManager: true, CRDs: crds})
	bundles := s.bundles()
	first, err := s.served(bundles)
	if err != nil {
		t.Fatal(err)
	}
	sixSteps(beginOn(t, p, "echo"), "echo")

	s.step("the certificate is renewed")
	pid := p.aviary.PID()
	issuing := fmt.Sprintf(`[{"op": "add", "path": "/status/conditions/-", "value": {"type": "Issuing",
		"status": "True", "reason": "ManuallyTriggered", "message": "renew", "lastTransitionTime": %q}}]`,
		time.Now().UTC().Format(time.RFC3339))
	s.kubectl("", "patch", "certificate", "aviary-serving", "--subresource=status", "--type=json", "-p="+issuing).
		mustSucceed()
	s.eventually("Aviary to serve the renewed certificate", func() error {
		now, err := s.served(bundles)
		if err == nil && now.SerialNumber.Cmp(first.SerialNumber) == 0 {
			err = errors.New("it is the old one")
		}
		return err
	})
	if now := p.aviary.PID(); now != pid || !p.aviary.Alive() {
		t.Errorf("Aviary must be the same process, was %v, is %v", pid, now)
	}
	for name, bundle := range s.bundles() {
		if bundle != bundles[name] {
			t.Errorf("the CA of %s must be the same after a renewal", name)
		}
	}

	s.step("the API server connects anew and accepts it")
	if err := p.StartAPIServer(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.waitLeads(time.Now())
	after := beginOn(t, p, "renewed")
	after.apply(v("v1", "role=chief").String()).mustFail("[annotations-valid]")
	after.apply(v("v1", "role=primary").String()).mustSucceed()
	after.waitTraffic("echo", allToV1)
}

// waitLeads waits until Aviary is ready and has renewed its Lease since a time. If the API server
// was away for too long, Aviary has exited, and is started again as the kubelet would.
func (s *story) waitLeads(since time.Time) {
	s.Helper()
	leases := s.objects.Resource(schema.GroupVersionResource{
		Group: "coordination.k8s.io", Version: "v1", Resource: "leases",
	})
	s.eventually("Aviary to lead", func() error {
		if !s.aviary.Alive() {
			if err := s.aviary.Launch(); err != nil {
				return err
			}
		}
		lease, err := leases.Namespace("aviary-system").Get(s.Context(), "aviary", metav1.GetOptions{})
		if err != nil {
			return err
		}
		text, _, _ := unstructured.NestedString(lease.Object, "spec", "renewTime")
		renewed, err := time.Parse(time.RFC3339, text)
		if err == nil && renewed.Before(since) {
			err = fmt.Errorf("its Lease was renewed at %s", text)
		}
		return errors.Join(err, s.aviary.Ready(s.Context()))
	})
}

// startCertManager starts cert-manager's controller and cainjector.
func (s *story) startCertManager() {
	s.Helper()
	binary, err := aviary.BuildTool(s.Context(), "certmanager", testWriter{s.T})
	s.must(err)
	root, err := aviary.Root()
	s.must(err)
	module := s.moduleDir(filepath.Join(root, "e2e", "certmanager"), "github.com/cert-manager/cert-manager")
	s.kubectl("", "apply", "--server-side", "-f", filepath.Join(module, "deploy", "crds")).mustSucceed()
	s.kubectl("", "wait", "--for=condition=Established", "--timeout=60s", "crd/certificates.cert-manager.io",
		"crd/issuers.cert-manager.io", "crd/certificaterequests.cert-manager.io").mustSucceed()
	for _, part := range []string{"controller", "cainjector"} {
		cmd := exec.Command(binary, part) //nolint:gosec // because it was just built.
		cmd.Env = append(os.Environ(), "KUBECONFIG="+s.Kubeconfig)
		s.must(s.Launch("cert-manager-"+part, cmd))
	}
}
