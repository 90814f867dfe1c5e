package controlplane

import (
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// auditPolicy records who did what, without bodies, once per request.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
`

// writeConfiguration writes all files the components start from: certificates, keys, kubeconfigs
// and the audit policy.
func (cp *ControlPlane) writeConfiguration() error {
	ca, err := NewCA("aviary-e2e")
	if err != nil {
		return err
	}
	cp.ca = ca
	if err := ca.save(cp.path("pki")); err != nil {
		return err
	}
	cert, key, err := ca.Issue(cp.network.Address, "127.0.0.1", "localhost", "kubernetes", "kubernetes.default",
		"kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
	if err != nil {
		return err
	}
	// ServiceAccount tokens are signed with this key; the certificate is a by-product.
	_, serviceAccountKey, err := ca.IssueClient("service-accounts")
	if err != nil {
		return err
	}
	if err := writeFiles(cp.path("pki"), map[string][]byte{
		"apiserver.crt":     cert,
		"apiserver.key":     key,
		"sa.key":            serviceAccountKey,
		"audit-policy.yaml": []byte(auditPolicy),
	}); err != nil {
		return err
	}
	if err := cp.writeClient(cp.Kubeconfig, "admin", "system:masters"); err != nil {
		return err
	}
	return cp.writeClient(cp.path("pki", "controller-manager.kubeconfig"), "system:kube-controller-manager")
}

// writeClient writes a kubeconfig for a user with a certificate of its own.
func (cp *ControlPlane) writeClient(path, user string, groups ...string) error {
	cert, key, err := cp.ca.IssueClient(user, groups...)
	if err != nil {
		return err
	}
	cluster := &clientcmdapi.Cluster{Server: cp.network.url(), CertificateAuthorityData: cp.ca.CertPEM}
	return writeKubeconfig(path, cluster, &clientcmdapi.AuthInfo{ClientCertificateData: cert, ClientKeyData: key})
}

// writeKubeconfig writes a kubeconfig with one context.
func writeKubeconfig(path string, cluster *clientcmdapi.Cluster, user *clientcmdapi.AuthInfo) error {
	const name = "aviary-e2e"
	config := clientcmdapi.NewConfig()
	config.Clusters[name] = cluster
	config.AuthInfos[name] = user
	config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	return clientcmd.WriteToFile(*config, path)
}

// writeFiles writes files by name into dir, readable only by this user.
func writeFiles(dir string, files map[string][]byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
