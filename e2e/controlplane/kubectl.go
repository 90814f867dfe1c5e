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

// KubectlPath returns the path of a kubectl of the control plane's version.
func (cp *ControlPlane) KubectlPath() string { return filepath.Join(cp.assets, kubectl) }

// Kubectl runs kubectl as the administrator, or as another user with the argument
// --kubeconfig=<path>. If kubectl fails, the error contains what it printed to standard error.
func (cp *ControlPlane) Kubectl(ctx context.Context, stdin string, args ...string) (stdout, stderr string, err error) {
	cmd := exec.CommandContext(ctx, cp.KubectlPath(), args...)
	cmd.Env = append(append(os.Environ(), "GOGC=off"), cp.KubectlEnv()...) // It ends before it has much garbage.
	cmd.Stdin = strings.NewReader(stdin)
	var outBuffer, errBuffer bytes.Buffer
	cmd.Stdout, cmd.Stderr = &outBuffer, &errBuffer
	if err = cmd.Run(); err != nil {
		err = fmt.Errorf("kubectl %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(errBuffer.String()))
	}
	return outBuffer.String(), errBuffer.String(), err
}

// KubectlEnv returns the environment variables with which kubectl and its plugins talk to this
// control plane. They keep kubectl from using what it cached from another control plane at the same
// address, and from reading the preferences of the person who runs the tests.
func (cp *ControlPlane) KubectlEnv() []string {
	return []string{"KUBECONFIG=" + cp.Kubeconfig, "KUBECACHEDIR=" + cp.path("kubectl"), "KUBERC=off"}
}
