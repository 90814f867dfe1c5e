package main

import (
	"context"
	"os"
	"os/exec"

	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd"

	"aviary.dev/e2e/nodes"
)

// startNode runs this program as the simulated node, so that it can outlive this process.
func (s *stage) startNode(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := s.cp.Launch("nodes", exec.Command(self, "nodes", "--kubeconfig="+s.cp.Kubeconfig)); err != nil {
		return err
	}
	_, _, err = s.cp.Kubectl(ctx, "", "wait", "--for=create", "--timeout=60s", "node/"+nodes.Name)
	return err
}

// newNodes returns the command that startNode runs.
func newNodes() *cobra.Command {
	var kubeconfig string
	cmd := &cobra.Command{
		Use:    "nodes",
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
