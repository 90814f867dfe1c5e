package aviary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"

	"aviary.dev/e2e/controlplane"
)

// certFolder is a folder with tls.crt, tls.key and ca.crt that is written as a kubelet writes a
// Secret's volume: the files are symbolic links through a link ..data, which is replaced
// atomically.
type certFolder string

// path returns the path of a file in the folder.
func (f certFolder) path(names ...string) string {
	return filepath.Join(append([]string{string(f)}, names...)...)
}

// write replaces the content of the folder.
func (f certFolder) write(cert, key, ca []byte) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	data, err := os.MkdirTemp(string(f), "..")
	if err != nil {
		return err
	}
	old, _ := os.Readlink(f.path("..data")) // There is none at first.
	for name, content := range map[string][]byte{corev1.TLSCertKey: cert, corev1.TLSPrivateKeyKey: key, "ca.crt": ca} {
		if err := os.WriteFile(filepath.Join(data, name), content, 0o600); err != nil {
			return err
		}
		if err := os.Symlink(filepath.Join("..data", name), f.path(name)); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if err := os.Symlink(filepath.Base(data), f.path("..data.new")); err != nil {
		return err
	}
	if err := os.Rename(f.path("..data.new"), f.path("..data")); err != nil || old == "" {
		return err
	}
	return os.RemoveAll(f.path(old))
}

// makeCertificate issues a certificate with a new CA, unless cert-manager issues it.
func (i *Instance) makeCertificate() (err error) {
	if i.options.CertManager {
		return nil
	}
	if i.CA, err = controlplane.NewCA("aviary"); err != nil {
		return err
	}
	return i.Reissue()
}

// Reissue replaces the certificate by a new one of the same CA.
func (i *Instance) Reissue() error { return i.ReissueFrom(i.CA) }

// ReissueFrom replaces the certificate by a new one of another CA.
func (i *Instance) ReissueFrom(ca *controlplane.CA) error {
	cert, key, err := ca.Issue(service+"."+namespace+".svc", i.host)
	if err != nil {
		return err
	}
	return i.certs.write(cert, key, ca.CertPEM)
}

// followSecret does the kubelet's work: it waits for the certificate in the Secret, writes it to
// the folder, and writes it again whenever it changes.
func (i *Instance) followSecret(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(i.cp.Config())
	if err != nil {
		return err
	}
	var have []byte
	copySecret := func(ctx context.Context) (bool, error) {
		s, err := client.CoreV1().Secrets(namespace).Get(ctx, secret, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return false, nil
		}
		cert, key := s.Data[corev1.TLSCertKey], s.Data[corev1.TLSPrivateKeyKey]
		if err != nil || len(cert) == 0 || len(key) == 0 || bytes.Equal(cert, have) {
			return len(have) > 0, err
		}
		have = cert
		return true, i.certs.write(cert, key, s.Data["ca.crt"])
	}
	const interval = 100 * time.Millisecond
	if err := wait.PollUntilContextTimeout(ctx, interval, time.Minute, true, copySecret); err != nil {
		return fmt.Errorf("wait for the certificate in Secret %s: %w", secret, err)
	}
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	i.stopCerts = stop
	go wait.UntilWithContext(following, func(ctx context.Context) {
		_, _ = copySecret(ctx) // The next time is soon.
	}, interval)
	return nil
}
