package controlplane

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// tokenLifetime is the lifetime of a ServiceAccount's token in seconds.
const tokenLifetime int64 = 24 * 60 * 60

// User writes a kubeconfig for a user in the given groups and returns its path. The user has a
// client certificate; in an existing cluster, the administrator impersonates the user instead.
func (cp *ControlPlane) User(name string, groups ...string) (kubeconfigPath string, err error) {
	cluster, user, err := cp.adminAccess()
	if err != nil {
		return "", err
	}
	if cp.external {
		user.Impersonate, user.ImpersonateGroups = name, groups
	} else {
		user = &clientcmdapi.AuthInfo{}
		if user.ClientCertificateData, user.ClientKeyData, err = cp.ca.IssueClient(name, groups...); err != nil {
			return "", err
		}
	}
	return cp.writeUser(name, cluster, user)
}

// ServiceAccountKubeconfig writes a kubeconfig with a token of an existing ServiceAccount and
// returns its path.
func (cp *ControlPlane) ServiceAccountKubeconfig(
	ctx context.Context, namespace, name string,
) (kubeconfigPath string, err error) {
	client, err := kubernetes.NewForConfig(cp.Config())
	if err != nil {
		return "", err
	}
	lifetime := tokenLifetime
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &lifetime}}
	response, err := client.CoreV1().ServiceAccounts(namespace).CreateToken(ctx, name, request, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("create token of ServiceAccount %s/%s: %w", namespace, name, err)
	}
	cluster, _, err := cp.adminAccess()
	if err != nil {
		return "", err
	}
	return cp.writeUser(namespace+"."+name, cluster, &clientcmdapi.AuthInfo{Token: response.Status.Token})
}

// adminAccess returns the cluster and the login of the administrator's kubeconfig.
func (cp *ControlPlane) adminAccess() (*clientcmdapi.Cluster, *clientcmdapi.AuthInfo, error) {
	config, err := clientcmd.LoadFromFile(cp.Kubeconfig)
	if err != nil {
		return nil, nil, err
	}
	if err := clientcmdapi.MinifyConfig(config); err != nil {
		return nil, nil, err
	}
	if err := clientcmdapi.FlattenConfig(config); err != nil { // So that no relative path is left.
		return nil, nil, err
	}
	current := config.Contexts[config.CurrentContext]
	return config.Clusters[current.Cluster], config.AuthInfos[current.AuthInfo], nil
}

// writeUser writes a kubeconfig under a new name, because the same user may be requested with other
// groups.
func (cp *ControlPlane) writeUser(
	name string, cluster *clientcmdapi.Cluster, user *clientcmdapi.AuthInfo,
) (path string, err error) {
	dir := cp.path("users")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	file, err := os.CreateTemp(dir, url.PathEscape(name)+"-*.kubeconfig")
	if err != nil {
		return "", err
	}
	return file.Name(), errors.Join(file.Close(), writeKubeconfig(file.Name(), cluster, user))
}
