// Command controlplane runs a Kubernetes control plane on this machine, for a demo or for work on
// the tests:
//
//	eval "$(go run ./cmd/controlplane up)"
//	kubectl create deployment web --image=web
//	go run ./cmd/controlplane down
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"aviary.dev/e2e/controlplane"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newCommand().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "controlplane",
		Short: "Run a Kubernetes control plane on this machine",
		Long: "Run etcd, kube-apiserver and kube-controller-manager on loopback addresses, with a simulated node\n" +
			"that makes every Pod ready. Needs neither root nor containers. The programs are built from Go\n" +
			"modules, once, unless KUBEBUILDER_ASSETS names a folder that holds them.",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.AddCommand(newUp(), newDown(), newKubeconfig(), newList(), newBuild(), newNodes())
	return cmd
}

func newBuild() *cobra.Command {
	return &cobra.Command{
		Use:   "build",
		Short: "Build the programs, if they are not there, and print their folder",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := controlplane.Assets(cmd.Context(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), dir)
			return nil
		},
	}
}
