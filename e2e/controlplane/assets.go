package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The programs of a control plane, named as in envtest.
const (
	etcd              = "etcd"
	apiServer         = "kube-apiserver"
	controllerManager = "kube-controller-manager"
	kubectl           = "kubectl"
)

// assetsVariable is the variable by which envtest finds its binaries.
const assetsVariable = "KUBEBUILDER_ASSETS"

// Assets returns the folder of etcd, kube-apiserver, kube-controller-manager and kubectl.
//
// That is $KUBEBUILDER_ASSETS if it is set; the controller manager may be missing there, which is
// reported to progress. Otherwise Assets builds them from Go modules, once, into the user's cache
// folder, and reports to progress, because this takes about ten minutes.
func Assets(ctx context.Context, progress io.Writer) (dir string, err error) {
	if progress == nil {
		progress = io.Discard
	}
	if dir := os.Getenv(assetsVariable); dir != "" {
		return givenAssets(dir, progress)
	}
	src, err := findSource()
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return src.build(ctx, filepath.Join(cache, "aviary"), progress)
}

// givenAssets checks that dir holds the programs that a control plane needs.
func givenAssets(dir string, progress io.Writer) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	var missing []error
	for _, name := range []string{etcd, apiServer, kubectl} {
		if !hasAsset(dir, name) {
			missing = append(missing, fmt.Errorf("%s=%s: no executable %s", assetsVariable, dir, name))
		}
	}
	if len(missing) == 0 && !hasAsset(dir, controllerManager) {
		fmt.Fprintf(progress, "%s=%s: no executable %s, so Deployments, namespace deletion, "+
			"garbage collection and ServiceAccounts will not work\n", assetsVariable, dir, controllerManager)
	}
	return dir, errors.Join(missing...)
}

// hasAsset reports whether dir holds the executable name.
func hasAsset(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
