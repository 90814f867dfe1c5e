package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd"

	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

// kubeconfigVariable names the environment variable with the kubeconfig of an existing cluster,
// which is then used instead of a new control plane.
const kubeconfigVariable = "AVIARY_E2E_KUBECONFIG"

func newUp() *cobra.Command {
	var name, kubeconfig string
	var crds []string
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start a control plane, unless it runs, and print how to use it",
		Long: "Start a control plane and a simulated node, which go on running in the background until down.\n" +
			"If it runs already, only the CustomResourceDefinitions are applied again.\n" +
			"Standard output is for the shell: eval \"$(controlplane up)\"",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, progress := cmd.Context(), cmd.ErrOrStderr()
			dir, release, err := lockInstance(ctx, name, progress)
			if err != nil {
				return err
			}
			defer release()
			cp, err := running(dir)
			if err != nil {
				return err
			}
			if cp != nil {
				fmt.Fprintf(progress, "control plane %s is already running\n", name)
			} else {
				if cp, err = start(ctx, dir, kubeconfig, progress); err != nil {
					return err
				}
				fmt.Fprintf(progress, "control plane %s is running; kubectl is %s\n", name, cp.KubectlPath())
			}
			if err := applyCRDs(ctx, cp, crds); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "export KUBECONFIG=%s\n", cp.Kubeconfig)
			return nil
		},
	}
	addName(cmd, &name)
	cmd.Flags().StringSliceVar(&crds, "crds", nil, "folders with CustomResourceDefinitions to apply")
	cmd.Flags().StringVar(&kubeconfig, "kubeconfig", os.Getenv(kubeconfigVariable),
		"kubeconfig of a cluster that exists, to be used instead of a new one [$"+kubeconfigVariable+"]")
	return cmd
}

// running returns the control plane in dir if it runs. Otherwise it removes what is left of it and
// returns nil.
func running(dir string) (*controlplane.ControlPlane, error) {
	cp, err := controlplane.Open(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, os.RemoveAll(dir) // Nothing was started there yet.
	case err != nil:
		return nil, err
	case complete(cp):
		return cp, nil
	}
	return nil, cp.Stop()
}

// completeFile is created in the folder of a control plane when all of it runs.
const completeFile = "complete"

// complete reports whether all of a control plane was started and still runs.
func complete(cp *controlplane.ControlPlane) bool {
	_, err := os.Stat(filepath.Join(cp.Dir, completeFile))
	return err == nil && cp.Alive()
}

// start starts a control plane and its simulated node.
func start(ctx context.Context, dir, kubeconfig string, progress io.Writer) (*controlplane.ControlPlane, error) {
	cp, err := controlplane.Start(ctx,
		controlplane.Options{Dir: dir, Detach: true, Kubeconfig: kubeconfig, Progress: progress})
	if err != nil {
		return nil, err
	}
	if kubeconfig == "" { // A cluster that exists has nodes.
		if err := startNode(ctx, cp); err != nil {
			return nil, errors.Join(fmt.Errorf("start the simulated node: %w", err), cp.Stop())
		}
	}
	return cp, os.WriteFile(filepath.Join(dir, completeFile), nil, 0o600)
}

// startNode runs this program as the simulated node.
func startNode(ctx context.Context, cp *controlplane.ControlPlane) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := cp.Launch("nodes", exec.Command(self, "nodes", "--kubeconfig="+cp.Kubeconfig)); err != nil {
		return err
	}
	_, _, err = cp.Kubectl(ctx, "", "wait", "--for=create", "--timeout=60s", "node/"+nodes.Name)
	return err
}

// applyCRDs applies all CustomResourceDefinitions of the folders and waits until they are served.
func applyCRDs(ctx context.Context, cp *controlplane.ControlPlane, dirs []string) error {
	for _, dir := range dirs {
		if _, _, err := cp.Kubectl(ctx, "", "apply", "--server-side", "--force-conflicts", "-f", dir); err != nil {
			return err
		}
		_, _, err := cp.Kubectl(ctx, "", "wait", "--for=condition=Established", "--timeout=60s", "-f", dir)
		if err != nil {
			return err
		}
	}
	return nil
}

// newNodes returns the command that up runs in the background.
func newNodes() *cobra.Command {
	var kubeconfig string
	cmd := &cobra.Command{
		Use:    "nodes",
		Short:  "Simulate a node until interrupted",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
			if err != nil {
				return err
			}
			if err := nodes.Simulate(cmd.Context(), config); err != nil {
				return err
			}
			<-cmd.Context().Done()
			return nil
		},
	}
	cmd.Flags().StringVar(&kubeconfig, "kubeconfig", "", "kubeconfig of the cluster")
	return cmd
}
