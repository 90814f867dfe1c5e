package controlplane

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// KubectlPath is the path of a kubectl as new as the control plane.
func (cp *ControlPlane) KubectlPath() string { return filepath.Join(cp.assets, kubectl) }

// Kubectl runs kubectl as the administrator, or as somebody else with the
// argument --kubeconfig=<path>. The error, if kubectl fails, holds what it
// printed to standard error.
func (cp *ControlPlane) Kubectl(ctx context.Context, stdin string, args ...string) (stdout, stderr string, err error) {
	cmd := exec.CommandContext(ctx, cp.KubectlPath(), args...)
	cmd.Env = append(os.Environ(), cp.KubectlEnv()...)
	cmd.Stdin = strings.NewReader(stdin)
	var outBuffer, errBuffer bytes.Buffer
	cmd.Stdout, cmd.Stderr = &outBuffer, &errBuffer
	if err = cmd.Run(); err != nil {
		err = fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(errBuffer.String()))
	}
	return outBuffer.String(), errBuffer.String(), err
}

// KubectlEnv is the environment in which kubectl, and a plugin of it, talks to
// this control plane, caches nothing from another one that had the same
// address, and ignores the preferences of the person who runs the tests.
func (cp *ControlPlane) KubectlEnv() []string {
	return []string{"KUBECONFIG=" + cp.Kubeconfig, "KUBECACHEDIR=" + cp.path("kubectl"), "KUBERC=off"}
}
